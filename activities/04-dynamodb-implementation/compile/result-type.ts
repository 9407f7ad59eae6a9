import type { ColumnModel } from '../../../runtime/store/model.ts';
import type { Scope } from './scope.ts';
import type { Expression } from './statement.ts';

/** How the driver gives a value: which of the presenter's methods, and with which digits. */
export type ResultType =
  | { readonly kind: 'int' | 'bigint' | 'double' | 'text' | 'date' | 'json' | 'binary' }
  | { readonly kind: 'decimal' | 'datetime' | 'bit'; readonly digits: number };

const BIGINT: ResultType = { kind: 'bigint' };
const TEXT: ResultType = { kind: 'text' };
const DOUBLE: ResultType = { kind: 'double' };
const INTEGER_CALLS = new Set(['MONTH', 'DAY', 'DAYOFMONTH', 'HOUR', 'MINUTE', 'SECOND', 'DATEDIFF', 'CHAR_LENGTH', 'CHARACTER_LENGTH', 'LENGTH']); // prettier-ignore

export function columnType(column: ColumnModel): ResultType {
  switch (column.dataType) {
    case 'bigint':
      return BIGINT;
    case 'bit':
      return { kind: 'bit', digits: column.precision ?? 1 };
    case 'decimal':
    case 'numeric':
      return { kind: 'decimal', digits: column.scale ?? 0 };
    case 'float':
    case 'double':
      return DOUBLE;
    case 'date':
      return { kind: 'date' };
    case 'datetime':
    case 'timestamp':
      return { kind: 'datetime', digits: column.fractionalSeconds ?? 0 };
    case 'json':
      return { kind: 'json' };
    default:
      if (column.type === 'B') return { kind: 'binary' };
      return column.type === 'N' ? { kind: 'int' } : TEXT;
  }
}

/** The type of a result column, as MySQL's optimizer gives it to the driver. */
export function resultType(expression: Expression, scope: Scope): ResultType {
  const of = (each: Expression): ResultType => resultType(each, scope);
  switch (expression.kind) {
    case 'column':
      return columnType(scope.resolve(expression.table, expression.column).column);
    case 'literal':
      if (expression.type === 'decimal') return { kind: 'decimal', digits: expression.text.split('.')[1]?.length ?? 0 };
      if (expression.type === 'bytes') return { kind: 'binary' };
      return expression.type === 'text' || expression.type === 'null' ? TEXT : BIGINT;
    case 'operation':
      return operationType(expression.operator, expression.operands, of);
    case 'call':
      return callType(expression.name, expression.operands, of);
    case 'case':
      return merged([
        ...expression.whens.map(({ then }) => then),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ], of); // prettier-ignore
    case 'aggregate':
      return aggregateType(expression.name, expression.operand, of);
    case 'optional':
      return of(expression.expression);
    case 'window':
      return windowType(expression.of, of);
    case 'subquery':
      return expression.use === 'exists' ? BIGINT : (scope.types.get(expression) ?? TEXT);
    default:
      return TEXT;
  }
}

type Of = (expression: Expression) => ResultType;

function operationType(operator: string, operands: readonly Expression[], of: Of): ResultType {
  if (!['+', '-', '*', '/', '%', 'MOD'].includes(operator)) return BIGINT;
  if (operands.some(({ kind }) => kind === 'interval')) return movedType(operands, of);
  const types = operands.map((operand) => asNumber(of(operand)));
  if (types.some(({ kind }) => kind === 'double' || kind === 'text')) return DOUBLE;
  const digits = types.map((type) => (type.kind === 'decimal' ? type.digits : 0));
  if (operator === '/') return { kind: 'decimal', digits: (digits[0] ?? 0) + 4 };
  if (types.every(({ kind }) => kind === 'int' || kind === 'bigint')) return BIGINT;
  const sum = digits.reduce((total, each) => total + each, 0);
  return { kind: 'decimal', digits: operator === '*' ? Math.min(30, sum) : Math.max(...digits) };
}

/** What a date is in arithmetic: the number that its digits make. */
function asNumber(type: ResultType): ResultType {
  if (type.kind === 'date' || type.kind === 'bit') return BIGINT;
  if (type.kind !== 'datetime') return type;
  return type.digits === 0 ? BIGINT : { kind: 'decimal', digits: type.digits };
}

/** A date that is moved by less than days gets a time. */
function movedType(operands: readonly Expression[], of: Of): ResultType {
  const [first, by] = operands;
  const type = first === undefined ? TEXT : of(first);
  if (by?.kind !== 'interval' || type.kind !== 'date' || /^(day|week|month|quarter|year)$/.test(by.unit)) return type;
  return { kind: 'datetime', digits: by.unit === 'microsecond' ? 6 : 0 };
}

function callType(name: string, operands: readonly Expression[], of: Of): ResultType {
  const first = operands[0];
  switch (name) {
    case 'COALESCE':
    case 'IFNULL':
    case 'GREATEST':
    case 'LEAST':
      return merged(operands, of);
    case 'IF':
      return merged(operands.slice(1), of);
    case 'NULLIF':
    case 'VALUES':
    case 'ABS':
      return first === undefined ? TEXT : widened(of(first));
    case 'NOW':
    case 'CURRENT_TIMESTAMP':
    case 'LOCALTIME':
    case 'UTC_TIMESTAMP':
      return { kind: 'datetime', digits: first?.kind === 'literal' && 'text' in first ? Number(first.text) : 0 };
    case 'DATE':
    case 'CURDATE':
    case 'CURRENT_DATE':
      return { kind: 'date' };
    case 'DATE_ADD':
    case 'DATE_SUB':
    case 'ADDDATE':
    case 'SUBDATE':
      return movedType(operands, of);
    case 'MOD':
      return operationType('%', operands, of);
    case 'UNIX_TIMESTAMP': {
      const type = first === undefined ? BIGINT : of(first);
      return type.kind === 'datetime' && type.digits > 0 ? { kind: 'decimal', digits: type.digits } : BIGINT;
    }
    case 'YEAR':
      return { kind: 'int' };
    case 'FLOOR':
    case 'CEIL':
    case 'CEILING':
      return first !== undefined && of(first).kind === 'double' ? DOUBLE : BIGINT;
    case 'ROUND': {
      const type = first === undefined ? TEXT : of(first);
      const places = operands[1]?.kind === 'literal' && 'text' in operands[1] ? Number(operands[1].text) : 0;
      if (type.kind === 'decimal') return { kind: 'decimal', digits: Math.max(0, Math.min(type.digits, places)) };
      return type.kind === 'double' || type.kind === 'text' ? DOUBLE : BIGINT;
    }
    default:
      return INTEGER_CALLS.has(name) ? BIGINT : TEXT;
  }
}

function windowType(windowed: Extract<Expression, { kind: 'window' }>['of'], of: Of): ResultType {
  if (windowed.kind === 'aggregate') return of(windowed);
  const [first, , otherwise] = windowed.operands;
  switch (windowed.name) {
    case 'LAG':
    case 'LEAD':
      return merged([first, otherwise].filter((each) => each !== undefined), of); // prettier-ignore
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
    case 'NTH_VALUE':
      return first === undefined ? TEXT : of(first);
    case 'PERCENT_RANK':
    case 'CUME_DIST':
      return DOUBLE;
    default:
      return BIGINT;
  }
}

/** A column of a derived table that gives values of a type. */
export function columnOf(type: ResultType): Omit<ColumnModel, 'attribute'> {
  const dataTypes = { text: 'varchar', binary: 'varbinary' } as const;
  const dataType = type.kind === 'text' || type.kind === 'binary' ? dataTypes[type.kind] : type.kind;
  const numeric = ['int', 'bigint', 'decimal', 'double'].includes(type.kind);
  return {
    type: type.kind === 'binary' ? 'B' : numeric ? 'N' : 'S',
    dataType,
    nullable: true,
    ...(type.kind === 'decimal' ? { scale: type.digits } : {}),
    ...(type.kind === 'datetime' ? { fractionalSeconds: type.digits } : {}),
  };
}

function aggregateType(name: string, operand: Expression | null, of: Of): ResultType {
  if (name === 'COUNT' || operand === null) return BIGINT;
  const type = of(operand);
  if (name === 'MIN' || name === 'MAX') return type;
  if (name === 'GROUP_CONCAT') return TEXT;
  if (type.kind === 'double' || type.kind === 'text') return DOUBLE;
  const digits = type.kind === 'decimal' ? type.digits : 0;
  return { kind: 'decimal', digits: name === 'AVG' ? digits + 4 : digits };
}

function widened(type: ResultType): ResultType {
  return type.kind === 'int' ? BIGINT : type;
}

/** One type for several branches; NULL takes no part. */
function merged(expressions: readonly Expression[], of: Of): ResultType {
  return mergedTypes(expressions.filter((each) => each.kind !== 'literal' || each.type !== 'null').map(of));
}

/** One type for several. */
export function mergedTypes(types: readonly ResultType[]): ResultType {
  const first = types[0];
  if (first === undefined) return TEXT;
  const kinds = new Set(types.map(({ kind }) => kind));
  if (kinds.size === 1 && first.kind !== 'decimal' && first.kind !== 'datetime') return first;
  const digits = Math.max(...types.map((type) => ('digits' in type ? type.digits : 0)));
  if (kinds.size === 1) return first.kind === 'datetime' ? { kind: 'datetime', digits } : { kind: 'decimal', digits };
  const numeric = [...kinds].every((kind) => ['int', 'bigint', 'decimal', 'double'].includes(kind));
  if (!numeric) return TEXT;
  if (kinds.has('double')) return DOUBLE;
  return kinds.has('decimal') ? { kind: 'decimal', digits } : BIGINT;
}
