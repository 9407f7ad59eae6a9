import type { TableFacts } from '../../../core/analysis.ts';
import type { CallSite, MethodInput, ResultUse } from '../../../core/data-access.ts';
import type { SqlTemplate } from '../../../core/sql-template.ts';
import { templateReferences } from '../../../sql/template-references.ts';
import { aggregatesOf, memberName } from './aggregates.ts';
import { candidateNames, firstText, PROCEDURE } from './names.ts';
import { withoutDriver } from './row-type.ts';

/** A method of the data access layer, with the call sites that will use it. */
export interface MethodDesign<C extends CallSite = CallSite> {
  readonly aggregate: string;
  readonly name: string;
  readonly kind: 'read' | 'write';
  readonly result: ResultUse;
  readonly inputs: readonly MethodInput[];
  readonly template: SqlTemplate;
  /** Name of the row type at the call sites, without the driver's own. */
  readonly rowType?: string;
  /** All do the same; the first one's source is what moves. */
  readonly callSites: readonly [C, ...C[]];
}

/** What the whole layer will be. */
export interface LayerDesign<C extends CallSite = CallSite> {
  /** In alphabetical order; each with its tables. */
  readonly aggregates: readonly { readonly name: string; readonly tables: readonly string[] }[];
  /** By aggregate, then in the order of the source. */
  readonly methods: readonly MethodDesign<C>[];
  /** Call sites that only ask whether the database is there: they become `ping()`. */
  readonly pings: readonly C[];
}

/** Decides aggregates and methods; the same call sites give the same design. */
export function designLayer<C extends CallSite>(
  callSites: readonly C[],
  tables: readonly Pick<TableFacts, 'name' | 'columns' | 'primaryKey' | 'indexes' | 'foreignKeys'>[],
): LayerDesign<C> {
  const aggregateOf = aggregatesOf(tables);
  const groups = new Map<string, [C, ...C[]]>();
  const pings: C[] = [];
  for (const callSite of callSites) {
    if (isPing(callSite)) {
      pings.push(callSite);
      continue;
    }
    const group = groups.get(identity(callSite));
    if (group === undefined) groups.set(identity(callSite), [callSite]);
    else group.push(callSite);
  }
  const taken = new Set<string>();
  const methods = [...groups.values()].map((group): MethodDesign<C> => {
    const [first] = group;
    const references = templateReferences(first.template, tables);
    const table =
      references.writes[0]?.table ??
      references.tables[0] ??
      (PROCEDURE.test(firstText(first.template.parts)) ? 'procedures' : 'database');
    const aggregate = aggregateOf.get(table) ?? memberName(table);
    const facts = tables.find((one) => one.name === table);
    const candidates = candidateNames({
      callSite: first,
      references,
      table,
      isPart: memberName(table) !== aggregate,
      facts,
    });
    const name = freeName(candidates, (candidate) => !taken.has(`${aggregate}.${candidate}`));
    taken.add(`${aggregate}.${name}`);
    const rowType = rowTypeOf(first);
    return {
      aggregate,
      name,
      kind: first.statement === 'select' ? 'read' : 'write',
      result: first.result,
      inputs: first.inputs.map((input) => ({ name: input.name, source: input.source, type: input.type })),
      template: first.template,
      ...(rowType === undefined ? {} : { rowType }),
      callSites: group,
    };
  });
  const names = [...new Set(methods.map((method) => method.aggregate))].sort();
  return {
    aggregates: names.map((name) => ({
      name,
      // The table that gives the name first.
      tables: [...aggregateOf]
        .filter(([, aggregate]) => aggregate === name)
        .map(([table]) => table)
        .sort((a, b) => Number(memberName(b) === name) - Number(memberName(a) === name)),
    })),
    methods: names.flatMap((name) => methods.filter((method) => method.aggregate === name)),
    pings,
  };
}

/** `SELECT 1 AS up`, whose answer nobody looks at. */
const NAMED_PING = /^\s*SELECT\s+1\s+(AS\s+)?\w+\s*;?\s*$/i;

function freeName(candidates: readonly string[], isFree: (name: string) => boolean): string {
  const free = candidates.find(isFree);
  if (free !== undefined) return free;
  const base = candidates.at(-1) ?? 'run';
  for (let number = 2; ; number += 1) if (isFree(`${base}${number}`)) return `${base}${number}`;
}

function identity(callSite: CallSite): string {
  // In JavaScript types are guessed from the place; the same statement is the same whatever they are.
  const isTyped = /\.[cm]?tsx?$/.test(callSite.span.file);
  const inputs = callSite.inputs.map(({ name, type }) => (isTyped ? [name, type] : [name]));
  return JSON.stringify([callSite.template, inputs, callSite.api, callSite.statement, rowTypeOf(callSite) ?? '']);
}

function rowTypeOf(callSite: CallSite): string | undefined {
  return callSite.rowType === undefined ? undefined : withoutDriver(callSite.rowType);
}

function isPing(callSite: CallSite): boolean {
  const [only, ...more] = callSite.template.parts;
  if (only?.kind !== 'text' || more.length > 0 || callSite.inputs.length > 0) return false;
  if (callSite.receiver !== 'pool') return false;
  return /^\s*SELECT\s+1\s*;?\s*$/i.test(only.text) || (callSite.result === 'ignored' && NAMED_PING.test(only.text));
}
