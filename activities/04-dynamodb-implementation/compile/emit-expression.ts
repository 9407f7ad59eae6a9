import { Refusal } from './refusal.ts';
import { fingerprint, type Scope } from './scope.ts';
import type { MarkedSql } from './marked-sql.ts';
import type { Expression } from './statement.ts';

/** Where an expression is written: what its names mean there. */
export interface Place {
  readonly scope: Scope;
  readonly marked: MarkedSql;
  /** Variable of the reader, for the statement's time. */
  readonly reader: string;
  /** Members of a tuple that hold the answers of its correlated subqueries and window functions. */
  readonly attached: readonly string[];
  /** Variables of the statement around a subquery that were used. */
  readonly outerUsed: Set<string>;
  /** Variables that hold the answers of subqueries and of window functions. */
  readonly subqueries: ReadonlyMap<Expression, string>;
  /** Variables that the written text uses, filled while writing. */
  readonly used: Set<string>;
  /** In the place of a group: the expressions of its key, and what its rows are like. */
  readonly group?: {
    readonly key: readonly Expression[];
    readonly tuples: boolean;
    readonly attached: readonly string[];
  };
  /** In an upsert: the variable of the row that was to be inserted. */
  readonly values?: string;
  /** Rows of one table stand for themselves instead of in a tuple. */
  readonly tuples: boolean;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '<=>': 'sameOrBothNull',
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  DIV: 'divideWhole',
  '%': 'remainder',
  MOD: 'remainder',
  LIKE: 'isLike',
  BETWEEN: 'between',
  'IS NULL': 'isNull',
  'IS TRUE': 'holds',
  'IS FALSE': 'fails',
  NOT: 'not',
  AND: 'and',
  OR: 'or',
  XOR: 'xor',
};

const CALLS: Readonly<Record<string, string>> = {
  ...{ COALESCE: 'coalesce', IFNULL: 'coalesce', IF: 'choose', NULLIF: 'nullIf', GREATEST: 'greatest', LEAST: 'least' },
  ...{ CONCAT: 'concat', CONCAT_WS: 'concatWith', LOWER: 'lower', LCASE: 'lower', UPPER: 'upper', UCASE: 'upper' },
  ...{
    TRIM: 'trim',
    REPLACE: 'replaceAll',
    SUBSTRING: 'substring',
    SUBSTR: 'substring',
    MID: 'substring',
    LEFT: 'left',
  },
  ...{ CHAR_LENGTH: 'charLength', CHARACTER_LENGTH: 'charLength', LENGTH: 'byteLength', DATE: 'dateOf' },
  ...{ DATEDIFF: 'dateDifference', UNIX_TIMESTAMP: 'unixTimestamp', ABS: 'abs', ROUND: 'round', FLOOR: 'floor' },
  ...{ CEIL: 'ceiling', CEILING: 'ceiling', MOD: 'remainder' },
};
const DATE_PARTS: Readonly<Record<string, string>> = {
  ...{ YEAR: 'year', MONTH: 'month', DAY: 'day', DAYOFMONTH: 'day', HOUR: 'hour', MINUTE: 'minute', SECOND: 'second' },
};
const NOWS = new Set(['NOW', 'CURRENT_TIMESTAMP', 'LOCALTIME', 'LOCALTIMESTAMP', 'UTC_TIMESTAMP', 'SYSDATE']);

export function emit(expression: Expression, place: Place): string {
  const { group } = place;
  if (group !== undefined) {
    const wanted = fingerprint(expression, place.scope);
    const position = group.key.findIndex((key) => fingerprint(key, place.scope) === wanted);
    if (position >= 0) {
      place.used.add('key');
      return `key[${position}]`;
    }
  }
  const each = (part: Expression): string => emit(part, place);
  switch (expression.kind) {
    case 'column':
      return emitColumn(expression, place);
    case 'parameter':
      return `sql.arg(${parameter(expression.index, place)})`;
    case 'literal':
      return emitLiteral(expression);
    case 'operation':
      return emitOperation(expression, place);
    case 'call':
      return emitCall(expression, place);
    case 'case':
      return expression.whens.reduceRight(
        (rest, { when, then }) => `sql.choose(${each(when)}, ${each(then)}, ${rest})`,
        expression.otherwise === null ? 'null' : each(expression.otherwise),
      );
    case 'aggregate':
      return emitAggregate(expression, place);
    case 'list':
      if (expression.items.length === 1 && expression.items[0] !== undefined) return each(expression.items[0]);
      throw new Refusal('Rows are compared as a whole.', 'Compare the columns one by one.');
    case 'subquery': {
      const variable = place.subqueries.get(expression);
      if (variable === undefined)
        throw new Refusal('A subquery in this place.', 'Put it into WHERE or the SELECT list.');
      if (place.group?.attached.includes(variable) === true) {
        place.used.add('rows');
        return `rows[0]?.${variable}`;
      }
      place.used.add(variable);
      return variable;
    }
    case 'window': {
      const variable = place.subqueries.get(expression);
      if (variable === undefined)
        throw new Refusal('A window function in this place.', 'Put it into the SELECT list or ORDER BY.');
      place.used.add(variable);
      return variable;
    }
    case 'interval':
      throw new Refusal('An interval in this place.', 'Use DATE_ADD or DATE_SUB.');
    case 'optional':
      return `(${condition(expression.condition, place)} ? ${each(expression.expression)} : true)`;
  }
}

/** A conjunct as JavaScript's own truth. */
export function emitTruth(expression: Expression, place: Place): string {
  if (expression.kind === 'list' && expression.items[0] !== undefined) return emitTruth(expression.items[0], place);
  if (expression.kind === 'optional') {
    return `(${negated(condition(expression.condition, place))} || ${emitTruth(expression.expression, place)})`;
  }
  return `sql.holds(${emit(expression, place)})`;
}

export function condition(index: number, place: Pick<Place, 'marked'>): string {
  return place.marked.conditions[index] ?? 'true';
}

export function negated(text: string): string {
  const defined = /^(\w+) !== (undefined|null)$/.exec(text);
  if (defined !== null) return `${defined[1] ?? ''} === ${defined[2] ?? ''}`;
  return /^\w+$/.test(text) ? `!${text}` : `!(${text})`;
}

function parameter(index: number, { marked }: Place): string {
  const found = marked.parameters[index];
  if (found?.kind === 'value') return found.expression;
  throw new Refusal('A list parameter stands where one value belongs.', 'Use it in IN (?).');
}

export function member(object: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`;
}

function emitColumn(expression: Extract<Expression, { kind: 'column' }>, place: Place): string {
  const { bound } = place.scope.resolve(expression.table, expression.column);
  if (place.group !== undefined && place.scope.bounds.includes(bound)) {
    place.used.add('rows');
    const first = place.group.tuples ? `rows[0]?.${bound.variable}` : 'rows[0]?';
    return `${first}.${expression.column}`;
  }
  (place.scope.bounds.includes(bound) ? place.used : place.outerUsed).add(bound.variable);
  return member(bound.variable, expression.column);
}

function emitLiteral(expression: Extract<Expression, { kind: 'literal' }>): string {
  switch (expression.type) {
    case 'integer':
      return `${expression.text}n`;
    case 'decimal':
      return `sql.Decimal.parse('${expression.text}')`;
    case 'text':
      return JSON.stringify(expression.text);
    case 'bytes':
      return `Buffer.from('${expression.text}', 'hex')`;
    default:
      return expression.type;
  }
}

function emitOperation(expression: Extract<Expression, { kind: 'operation' }>, place: Place): string {
  const { operator, operands } = expression;
  const [first, second] = operands;
  if (operator === 'IN' && first !== undefined) return emitIn(first, operands.slice(1), place);
  if (operands.length === 1 && first !== undefined && (operator === '-' || operator === '+')) {
    return operator === '-' ? `sql.negate(${emit(first, place)})` : emit(first, place);
  }
  if (second?.kind === 'interval' && first !== undefined && (operator === '+' || operator === '-')) {
    return interval(first, second, operator === '-', place);
  }
  const quantified = /^(\S+) (ANY|ALL)$/.exec(operator);
  if (quantified !== null && first !== undefined && second !== undefined) {
    const each = `sql.${COMPARISONS[quantified[1] ?? ''] ?? 'eq'}(${emit(first, place)}, each)`;
    return `sql.${quantified[2] === 'ALL' ? 'and' : 'or'}(...${emit(second, place)}.map((each) => ${each}))`;
  }
  const name = COMPARISONS[operator];
  if (name === undefined) throw new Refusal(`The operator ${operator} has no equal.`, 'Compute it in the application.');
  const exact = operator === '-' && operands.some((each) => isUnsigned(each, place.scope)) ? 'subtractUnsigned' : name;
  return `sql.${exact}(${operands.map((each) => emit(each, place)).join(', ')})`;
}

/** Whether a value is an UNSIGNED integer, as MySQL's arithmetic has it. */
function isUnsigned(expression: Expression, scope: Scope): boolean {
  if (expression.kind === 'operation' && /^[-+*%]$|^DIV$/.test(expression.operator)) {
    return expression.operands.some((each) => isUnsigned(each, scope));
  }
  if (expression.kind !== 'column') return false;
  const column = scope.find(expression.table, expression.column)?.column;
  return column?.unsigned === true && /int$/.test(column.dataType);
}

function emitIn(value: Expression, items: readonly Expression[], place: Place): string {
  const only = items.length === 1 ? items[0] : undefined;
  if (only?.kind === 'subquery' && value.kind === 'list' && value.items.length > 1) {
    return `sql.isRowIn([${value.items.map((item) => emit(item, place)).join(', ')}], ${emit(only, place)})`;
  }
  if (only?.kind === 'subquery') return `sql.isIn(${emit(value, place)}, ${emit(only, place)})`;
  if (only?.kind === 'parameter' && place.marked.parameters[only.index]?.kind === 'list') {
    return `sql.isIn(${emit(value, place)}, sql.args(${place.marked.parameters[only.index]?.expression ?? ''}))`;
  }
  return `sql.isIn(${emit(value, place)}, [${items.map((item) => emit(item, place)).join(', ')}])`;
}

function interval(value: Expression, by: Expression, subtract: boolean, place: Place): string {
  if (by.kind !== 'interval') throw new Refusal('A date is moved by something that is no interval.', 'Use INTERVAL.');
  const amount = emit(by.amount, place);
  return `sql.addInterval(${emit(value, place)}, ${subtract ? `sql.negate(${amount})` : amount}, '${by.unit}')`;
}

function emitCall(expression: Extract<Expression, { kind: 'call' }>, place: Place): string {
  const { name, operands } = expression;
  const [first, second] = operands;
  if (NOWS.has(name)) {
    const digits = first?.kind === 'literal' && 'text' in first ? first.text : '';
    return `${place.reader}.moment(${digits})`;
  }
  if (name === 'CURDATE' || name === 'CURRENT_DATE') return `${place.reader}.today()`;
  if (name === 'VALUES' && first?.kind === 'column' && place.values !== undefined) {
    place.used.add(place.values);
    return member(place.values, first.column);
  }
  if (first !== undefined && second !== undefined && /^(DATE_ADD|ADDDATE|DATE_SUB|SUBDATE)$/.test(name)) {
    return interval(first, second, name.includes('SUB'), place);
  }
  const part = DATE_PARTS[name];
  if (part !== undefined && first !== undefined) return `sql.datePart('${part}', ${emit(first, place)})`;
  const known = CALLS[name];
  if (known === undefined) throw new Refusal(`The function ${name} has no equal.`, 'Compute it in the application.');
  return `sql.${known}(${operands.map((each) => emit(each, place)).join(', ')})`;
}

function emitAggregate(expression: Extract<Expression, { kind: 'aggregate' }>, place: Place): string {
  if (place.group === undefined)
    throw new Refusal(`${expression.name} outside of a group.`, 'Move it to the SELECT list.');
  place.used.add('rows');
  const { scope, marked, reader, outerUsed, subqueries, group } = place;
  const { tuples, attached } = group;
  return aggregateOf(expression, 'rows', { scope, marked, reader, outerUsed, subqueries, attached, tuples, used: new Set() }); // prettier-ignore
}

const AGGREGATES: Readonly<Record<string, string>> = { COUNT: 'count', SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max', GROUP_CONCAT: 'groupConcat' }; // prettier-ignore

/** An aggregate of the rows that a variable holds; `inner` is the place of one of them. */
export function aggregateOf(
  { name, operand, distinct, separator, orderBy }: Extract<Expression, { kind: 'aggregate' }>,
  rows: string,
  inner: Place,
): string {
  const known = AGGREGATES[name];
  if (known === undefined) throw new Refusal(`${name} has no equal.`, 'Compute it in the application.');
  if (operand === null) return `sql.${known}(${rows})`;
  const of = (text: (own: Place) => string): string => {
    const own: Place = { ...inner, used: new Set() };
    return lambda(own, text(own));
  };
  if (operand.kind === 'list' && operand.items.length > 1) {
    if (known !== 'count') throw new Refusal(`${name} of several values has no equal.`, 'Give it one.');
    return `sql.countDistinct(${rows}, ${of((own) => `[${operand.items.map((item) => emit(item, own)).join(', ')}]`)})`;
  }
  const value = of((own) => emit(operand, own));
  const steps = (orderBy ?? []).map((item) => `sql.${item.descending ? 'desc' : 'asc'}(${of((own) => emit(item.expression, own))})`); // prettier-ignore
  const ordered = steps.length === 0 ? rows : `sql.sortBy(${[rows, ...steps].join(', ')})`;
  const between = known === 'groupConcat' ? [JSON.stringify(separator ?? ',')] : [];
  const once = distinct && known !== 'min' && known !== 'max' ? ['true'] : [];
  return `sql.${known}(${[ordered, value, ...between, ...once].join(', ')})`;
}

/** A function of one row (or group) that gives `body`: it names what the body uses, and nothing else. */
export function lambda(place: Place, body: string): string {
  const own = place.group === undefined ? place.scope.bounds.map(({ variable }) => variable) : ['key', 'rows'];
  const names = [...own, ...place.attached].filter((name) => place.used.has(name));
  const wrapped = body.startsWith('{') ? `(${body})` : body;
  if (names.length === 0) return `() => ${wrapped}`;
  if (place.group !== undefined || place.tuples) return `({ ${[...new Set(names)].join(', ')} }) => ${wrapped}`;
  return `(${names[0] ?? ''}) => ${wrapped}`;
}
