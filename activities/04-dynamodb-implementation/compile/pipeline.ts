import type { PatternService } from '../../../contract/types.ts';
import type { StoreModel } from '../../../runtime/store/model.ts';
import { type Access, findAccess, keyOrder, listParameter } from './access.ts';
import { emit, emitTruth, lambda, type Place } from './emit-expression.ts';
import type { MarkedSql } from './marked-sql.ts';
import { noWay } from './no-way.ts';
import { type DerivedTable, emitTable } from './derived.ts';
import { arrangeJoins } from './joins.ts';
import { Refusal } from './refusal.ts';
import { type Bound, conjuncts, entityOf, Scope } from './scope.ts';
import type { Expression, OrderItem, Select, Source } from './statement.ts';
import { emitSubqueries } from './subqueries.ts';

/** What the code of one method is written with. */
export interface Writing {
  readonly model: StoreModel;
  readonly marked: MarkedSql;
  readonly pattern: PatternService | undefined;
  readonly reader: string;
  /** Gives a variable's name that nothing else in the method has. */
  readonly fresh: (wish: string) => string;
  /** Lines of the plan, in the order of reading. */
  readonly plan: string[];
  /** Tables of WITH clauses that are written already, by their id. */
  readonly common: Map<string, DerivedTable>;
}

/** Rows of a statement, as far as they are read, joined and filtered. */
export interface Rows {
  /** JavaScript expression, usually a variable. */
  readonly text: string;
  readonly place: Place;
  /** The rows come in the order that was asked for. */
  readonly ordered: boolean;
}

interface Wishes {
  readonly sources: readonly Source[];
  readonly where: Expression | null;
  /** Order and limit that keys may serve; absent where something stands between. */
  readonly order?: readonly OrderItem[];
  readonly limit?: Select['limit'];
  /** Expressions behind WHERE that may hold subqueries. */
  readonly later: readonly Expression[];
  /** The rows of a single table are wanted as members, because more is put beside them. */
  readonly tuples?: boolean;
}

/** Writes the reading, joining and filtering of a statement's tables; `lines` gets the statements in front. */
export async function emitRows(writing: Writing, wishes: Wishes, lines: string[], outer?: Place): Promise<Rows> {
  const bounds = await emitBounds(writing, wishes.sources, lines);
  const { sources, shared } = arrangeJoins(wishes.sources, bounds);
  const base: Place = {
    scope: new Scope(bounds, outer?.scope, shared),
    marked: writing.marked,
    reader: writing.reader,
    subqueries: new Map(),
    attached: [],
    outerUsed: outer === undefined ? new Set() : outer.outerUsed,
    used: new Set(),
    tuples: sources.length !== 1 || wishes.tuples === true,
  };
  const early = await emitSubqueries(writing, wishes.where, wishes.later, base, lines);
  const steps = new Steps(writing, { ...base, ...early.place }, lines, { ...wishes, sources });
  await steps.readAll();
  return steps.finish(early.correlated);
}

/** The tables under the names that their rows have; derived ones are written first. */
async function emitBounds(writing: Writing, sources: readonly Source[], lines: string[]): Promise<Bound[]> {
  const lone = sources.length === 1 ? sources[0] : undefined;
  const bounds: Bound[] = [];
  for (const source of sources) {
    const { alias, table } = source;
    const derived = await derivedOf(writing, source, lines);
    const variable = writing.fresh(lone !== undefined && lone.alias === lone.table ? 'row' : alias);
    if (bounds.some((each) => each.alias === alias)) throw new Refusal(`Two tables are called ${alias}.`, 'Name one.');
    bounds.push(
      derived === undefined
        ? { alias, variable, entity: entityOf(writing.model, table) }
        : { alias, variable, entity: derived.entity, rows: derived.variable },
    );
  }
  return bounds;
}

async function derivedOf(writing: Writing, source: Source, lines: string[]): Promise<DerivedTable | undefined> {
  if (source.derived !== undefined) return emitTable(writing, `${source.alias}Rows`, source.derived, null, lines);
  if (source.common === undefined) return undefined;
  const made = writing.common.get(source.common);
  if (made === undefined) throw new Refusal(`${source.table} is read before it is there.`, 'Move it up in WITH.');
  return made;
}

class Steps {
  private readonly writing: Writing;
  private place: Place;
  private readonly lines: string[];
  private readonly wishes: Wishes;
  private readonly ready = new Set<string>();
  private open: Expression[];
  private text = '';
  private ordered = false;

  constructor(writing: Writing, place: Place, lines: string[], wishes: Wishes) {
    this.writing = writing;
    this.place = place;
    this.lines = lines;
    this.wishes = wishes;
    const inner = wishes.sources.filter(({ join }) => join === 'inner').flatMap(({ on }) => conjuncts(on));
    this.open = [...conjuncts(wishes.where), ...inner];
  }

  async readAll(): Promise<void> {
    const { sources } = this.wishes;
    if (sources.length === 0) {
      this.text = '[{}]';
      this.filter();
    }
    const waiting = new Set(sources);
    while (waiting.size > 0) {
      const { source, access } = this.next([...waiting]);
      waiting.delete(source);
      const bound = this.boundOf(source);
      if (this.ready.size === 0) this.start(bound, access);
      else this.join(source, bound, access);
      this.ready.add(source.alias);
      this.filter();
    }
    return Promise.resolve();
  }

  /** The next table to read: the one that the most exact key leads to; outer joins after what they hang on. */
  private next(waiting: readonly Source[]): { source: Source; access: Access | undefined } {
    const ranked = waiting
      .map((source) => ({ source, access: this.accessOf(source) }))
      .filter(({ source, access }) => this.mayCome(source, access, waiting));
    const score = ({ source, access }: { source: Source; access: Access | undefined }): number =>
      access === undefined
        ? this.isAtHand(source)
          ? 0
          : -1
        : (access.path.single ? 100 : 0) + access.path.columns.length;
    const best = ranked.sort((a, b) => score(b) - score(a))[0];
    if (best === undefined) throw new Refusal('The joins hang on each other in a circle.', 'Write the method by hand.');
    return best;
  }

  private mayCome(source: Source, access: Access | undefined, waiting: readonly Source[]): boolean {
    if (source.join === 'inner') return access !== undefined || this.isAtHand(source) || waiting.every((each) => this.accessOf(each) === undefined || each.join === 'left'); // prettier-ignore
    const needs = source.on === null ? new Set<string>() : this.place.scope.named(source.on);
    return this.ready.size > 0 && [...needs].every((alias) => alias === source.alias || this.ready.has(alias));
  }

  /** Whether the rows are in a variable already. */
  private isAtHand(source: Source): boolean {
    return this.boundOf(source).rows !== undefined;
  }

  private boundOf(source: Source): Bound {
    const bound = this.place.scope.bounds.find(({ alias }) => alias === source.alias);
    if (bound === undefined) throw new Refusal(`The table ${source.alias} is not there.`, 'Report this as a defect.');
    return bound;
  }

  private accessOf(source: Source): Access | undefined {
    const bound = this.boundOf(source);
    if (bound.rows !== undefined) return undefined;
    const conditions = this.conditionsOn(source);
    const served = this.writing.pattern?.served_by ?? [];
    return findAccess(this.writing.model, bound, conditions, this.place.scope, this.ready, {
      lists: this.ready.size === 0,
      prefer: (index) => {
        const position = served.findIndex((way) => way.table === bound.entity.table && way.index === index);
        return position < 0 ? 2 : position === 0 ? 0 : 1;
      },
    });
  }

  private conditionsOn(source: Source): readonly Expression[] {
    return source.join === 'left' ? conjuncts(source.on) : this.open;
  }

  private start(bound: Bound, access: Access | undefined): void {
    const { writing, wishes } = this;
    const entity = JSON.stringify(bound.entity.sourceTable);
    let read: string;
    if (bound.rows !== undefined) {
      read = bound.rows;
    } else if (access === undefined) {
      read = `await ${writing.reader}.scan(${entity}, ${this.budget(bound, this.open)})`;
    } else if (access.each !== null) {
      writing.plan.push(`${describe(access)}, once for each value of the list`);
      const list = listParameter(access.each.operands, writing.marked);
      const values =
        list === null
          ? `[${access.each.operands.map((each) => emit(each, this.place)).join(', ')}]`
          : `sql.args(${list})`;
      read = `await ${writing.reader}.findAny(${entity}, ${values}.map((each) => (${this.find(access, 'each')})))`;
    } else {
      writing.plan.push(describe(access));
      read = `await ${writing.reader}.find(${entity}, ${this.find(access, null, this.limitOf(access))})`;
    }
    if (access !== undefined) this.settle(access);
    const alone = wishes.sources.length === 1;
    const one = access?.path.single === true && access.each === null;
    if (
      alone &&
      wishes.order !== undefined &&
      wishes.order.length === 0 &&
      !one &&
      bound.rows === undefined &&
      (access === undefined || access.each !== null)
    ) {
      // Without ORDER BY MySQL gives these in the order of the primary key.
      const keys = bound.entity.primaryKey.map(
        (column) => `sql.asc((${bound.variable}) => ${bound.variable}.${column})`,
      );
      read = `sql.sortBy(${read}, ${keys.join(', ')})`;
    }
    this.text = this.place.tuples
      ? `${/^\w+$/.test(read) ? read : `(${read})`}.map((${bound.variable}) => ({ ${bound.variable} }))`
      : read;
    if (alone && access !== undefined)
      this.ordered = one || (wishes.order !== undefined && keyOrder(access, wishes.order, this.place.scope) !== null);
  }

  /** How many rows are enough, when the keys give exactly the rows that are asked for, in their order. */
  private limitOf(access: Access): string[] {
    const { wishes, place } = this;
    if (wishes.sources.length !== 1 || wishes.order === undefined) return [];
    const order = keyOrder(access, wishes.order, place.scope);
    const options = order === 'backwards' ? ['backwards: true'] : [];
    const rest = this.open.filter((each) => !access.settled.has(each));
    if (wishes.limit && rest.length === 0 && (order !== null || wishes.order.length === 0) && !access.path.single) {
      const offset = wishes.limit.offset === null ? '' : `, ${emit(wishes.limit.offset, place)}`;
      options.push(`limit: sql.reach(${emit(wishes.limit.count, place)}${offset})`);
    }
    return options;
  }

  private find(access: Access, each: string | null, options: readonly string[] = []): string {
    const text = (expression: Expression): string => emit(expression, this.place);
    const equal = [...access.equal].map(([column, value]) => `${key(column)}: ${text(value)}`);
    if (each !== null && access.each !== null) equal.push(`${key(access.each.column)}: ${each}`);
    const bounds = access.range;
    return `{ ${[
      ...(access.path.index === null ? [] : [`index: ${JSON.stringify(access.path.index)}`]),
      `equal: { ${equal.join(', ')} }`,
      ...(access.nulls.length === 0 ? [] : [`nulls: ${JSON.stringify(access.nulls)}`]),
      ...(bounds === null
        ? []
        : [
            `range: { column: ${JSON.stringify(bounds.column)}${bounds.from ? `, from: ${text(bounds.from)}` : ''}${bounds.to ? `, to: ${text(bounds.to)}` : ''} }`,
          ]),
      ...options,
    ].join(', ')} }`;
  }

  private join(source: Source, bound: Bound, access: Access | undefined): void {
    const { writing } = this;
    const entity = JSON.stringify(bound.entity.sourceTable);
    const rows = this.named();
    const place: Place = { ...this.place, used: new Set() };
    let matches: string;
    if (bound.rows !== undefined) {
      matches = `${rows}.map(() => ${bound.rows})`;
    } else if (access === undefined) {
      const every = writing.fresh(`all${upperFirst(bound.variable)}`);
      this.lines.push(
        `const ${every} = await ${writing.reader}.scan(${entity}, ${this.budget(bound, this.conditionsOn(source))});`,
      );
      matches = `${rows}.map(() => ${every})`;
    } else {
      writing.plan.push(`${describe(access)}, batched for all rows so far`);
      const before = this.place;
      this.place = place;
      const find = this.find(access, null);
      this.place = before;
      matches = `await ${writing.reader}.findEach(${entity}, ${rows}.map(${lambda(place, find)}))`;
    }
    const joined = `(row, ${bound.variable}) => ({ ...row, ${bound.variable} })`;
    const residual =
      source.join === 'left' ? conjuncts(source.on).filter((each) => access?.settled.has(each) !== true) : [];
    const fits = residual.length === 0 ? '' : `, ${this.predicate(residual)}`;
    if (access !== undefined && source.join === 'inner') this.settle(access);
    this.text = `sql.${source.join}Join(${rows}, ${matches}, ${joined}${fits})`;
  }

  private budget(bound: Bound, conditions: readonly Expression[]): number {
    const { table } = bound.entity;
    const way = this.writing.pattern?.served_by.find((each) => each.table === table && each.operation === 'scan');
    if (way?.budget_items === undefined) {
      throw noWay(bound, conditions, this.place.scope, this.writing.pattern);
    }
    this.writing.plan.push(`Scan ${table}, at most ${way.budget_items} items`);
    return way.budget_items;
  }

  private settle(access: Access): void {
    this.open = this.open.filter((each) => !access.settled.has(each));
  }

  /** Applies the conditions whose tables are all there. */
  private filter(): void {
    const due = this.open.filter((each) => {
      return [...this.place.scope.named(each)].every((alias) => this.ready.has(alias)) && !this.waits(each);
    });
    if (due.length === 0) return;
    this.open = this.open.filter((each) => !due.includes(each));
    this.text = `(${this.text}).filter(${this.predicate(due)})`;
  }

  private waits(expression: Expression): boolean {
    return expression.kind === 'subquery' && !this.place.subqueries.has(expression)
      ? true
      : holdsOpen(expression, this.place);
  }

  private predicate(conditions: readonly Expression[]): string {
    const place: Place = { ...this.place, used: new Set() };
    return lambda(place, conditions.map((each) => emitTruth(each, place)).join(' && '));
  }

  /** Puts the rows so far into a variable, where they are not in one. */
  private named(): string {
    if (/^\w+$/.test(this.text)) return this.text;
    const name = this.writing.fresh('rows');
    this.lines.push(`const ${name} = ${this.text};`);
    this.text = name;
    return name;
  }

  /** Answers the subqueries that differ from row to row, and applies what waited for them. */
  finish(
    correlated: readonly { readonly expression: Expression; readonly variable: string; readonly body: string }[],
  ): Rows {
    for (const { expression, variable, body } of correlated) {
      const rows = this.named();
      const names = this.place.scope.bounds.map((bound) => bound.variable);
      const destructured = `const { ${names.filter((name) => this.place.outerUsed.has(name)).join(', ')} } = row;`;
      this.text = `await Promise.all(${rows}.map(async (row) => { ${destructured} ${body} return { ...row, ${variable} }; }))`;
      this.place = {
        ...this.place,
        attached: [...this.place.attached, variable],
        subqueries: new Map([...this.place.subqueries, [expression, variable]]),
      };
      this.named();
    }
    this.filter();
    if (this.open.length > 0)
      throw new Refusal('A condition names no table of the statement.', 'Write the method by hand.');
    return { text: this.named(), place: { ...this.place, used: new Set() }, ordered: this.ordered };
  }
}

/** Whether a condition has a subquery without an answer yet. */
function holdsOpen(expression: Expression, place: Place): boolean {
  if (expression.kind === 'subquery') return !place.subqueries.has(expression);
  if (expression.kind === 'operation' || expression.kind === 'call')
    return expression.operands.some((each) => holdsOpen(each, place));
  if (expression.kind === 'optional') return holdsOpen(expression.expression, place);
  if (expression.kind === 'list') return expression.items.some((each) => holdsOpen(each, place));
  return false;
}

function describe(access: Access): string {
  const by = [
    ...access.equal.keys(),
    ...access.nulls.map((column) => `${column} IS NULL`),
    ...(access.each ? [access.each.column] : []),
  ];
  const range = access.range === null ? '' : `, range of ${access.range.column}`;
  const where = access.path.index ?? access.bound.entity.table;
  return `${access.path.single ? 'Get' : 'Query'} ${where} by ${by.join(', ')}${range}`;
}

function key(column: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(column) ? column : JSON.stringify(column);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
