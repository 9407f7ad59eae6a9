import type { Analysis } from '../../core/analysis.ts';
import { checkContract } from '../check.ts';
import { pointer, problem, type Problem } from '../problem.ts';
import { supportTable } from '../support-table.ts';
import type { ContractTable, MigrationContract } from '../types.ts';
import type { KnownContract, Repair } from './form.ts';
import { ImportLog } from './log.ts';
import { importPatterns, patternNamed } from './patterns.ts';
import { readShape } from './shape.ts';
import { importTable } from './tables.ts';

/** What came of reading the known form. */
export interface Imported {
  /** Absent when something could not be repaired before there was a contract. */
  readonly contract?: MigrationContract;
  readonly repairs: readonly Repair[];
  /** What could not be repaired, by its place in the known form; empty for a contract that is valid. */
  readonly problems: readonly Problem[];
}

/** How to read. */
export interface ImportOptions {
  /** Give every column the type of `docs/value-encoding.md`, also where the known form asks for another. */
  readonly canonicalTypes?: boolean;
}

/**
 * Reads the known form with the analysis of its source. Lists every repair that it makes; what can't be repaired is a
 * problem with its place.
 */
export function importKnown(value: unknown, analysis: Analysis, options: ImportOptions = {}): Imported {
  const shape = readShape(value);
  if (!shape.known) return { repairs: shape.repairs, problems: shape.problems };
  const log = new ImportLog(analysis, options.canonicalTypes === true);
  const contract = contractOf(shape.known, analysis, log);
  const repairs = [...shape.repairs, ...log.repairs];
  if (!contract || log.problems.length > 0) return { repairs, problems: log.problems };
  const problems = checkContract(contract, analysis).map(({ at, problem: text }) => problem(knownPlace(at, contract), text)); // prettier-ignore
  return { contract, repairs, problems };
}

function contractOf(known: KnownContract, analysis: Analysis, log: ImportLog): MigrationContract | undefined {
  const tables = known.tables.flatMap((table, at): ContractTable[] => {
    const satisfies = (table.satisfies ?? []).flatMap((text, which) => {
      const pattern = patternNamed(text, analysis);
      const place = pointer('tables', at, 'satisfies', which);
      if (!pattern) log.repaired(place, text, undefined, 'No access pattern of this id or title was analysed.');
      else if (pattern.id !== text) log.repaired(place, text, pattern.id, 'Patterns are named by their ids.');
      return pattern ? [pattern.id] : [];
    });
    const read = importTable(table, at, log);
    return read ? [{ ...read, satisfies: [...new Set(satisfies)] }] : [];
  });
  if (tables.length < known.tables.length) return undefined;
  const patterns = importPatterns(tables, analysis, log);
  const withPatterns = tables.map((table, at) => {
    const served = patterns.filter(({ served_by }) => served_by.some((entry) => entry.table === table.table));
    const refused = new Set(patterns.filter(({ status }) => status === 'refused').map(({ id }) => id));
    const wrong = table.satisfies.filter((id) => refused.has(id));
    for (const id of wrong)
      log.repaired(pointer('tables', at, 'satisfies'), id, undefined, 'It uses tables that are not migrated.');
    const kept = table.satisfies.filter((id) => !refused.has(id));
    return { ...table, satisfies: [...new Set([...kept, ...served.map(({ id }) => id)])].sort() };
  });
  const ids = analysis.tables.flatMap((table) => {
    const carried = tables.some(({ entities }) => entities.some((entity) => entity.source_table === table.name));
    const columns = carried ? table.columns.filter(({ autoIncrement }) => autoIncrement) : [];
    return columns.map(({ name }) => ({ source_table: table.name, source_column: name }));
  });
  return {
    contractVersion: 1,
    source_database: analysis.database,
    tables: [...withPatterns, ...guardsAndCounters(tables, ids.length > 0, log)],
    dropped_columns: dropped(tables, analysis, log),
    access_patterns: patterns,
    id_allocation: ids,
  };
}

function guardsAndCounters(tables: readonly ContractTable[], ids: boolean, log: ImportLog): ContractTable[] {
  const guarded = tables.some(({ entities }) => entities.some(({ uniques }) => uniques.length > 0));
  if (!guarded && !ids) return [];
  const taken = new Set(tables.map(({ table }) => table.toLowerCase()));
  let name = 'support';
  for (let number = 2; taken.has(name); number += 1) name = `support-${number}`;
  log.repaired('/tables', undefined, name, 'Unique keys need guard items, and ids need counters.');
  return [supportTable(name)];
}

/** What the known form does not name is not lost in silence: it is dropped, and said so. */
function dropped(
  tables: readonly ContractTable[],
  analysis: Analysis,
  log: ImportLog,
): MigrationContract['dropped_columns'] {
  const carried = new Set(
    tables.flatMap(({ entities }) =>
      entities.flatMap(
        (entity) =>
        entity.attributes
          .filter(({ join, calculation, transformation }) => !join && !calculation && !transformation)
          .flatMap((attribute) => [attribute.source_column].flat().map((column) => JSON.stringify([entity.source_table, column]))), // prettier-ignore
      ),
    ),
  );
  return analysis.tables.flatMap((table) => {
    const whole = !tables.some(({ entities }) => entities.some((entity) => entity.source_table === table.name));
    const reason = `The imported contract does not name the ${whole ? 'table' : 'column'}.`;
    const lost = table.columns.filter(({ name }) => !carried.has(JSON.stringify([table.name, name])));
    for (const { name } of lost) log.repaired('/tables', `${table.name}.${name}`, 'dropped', reason);
    return lost.map(({ name }) => ({ source_table: table.name, source_column: name, reason }));
  });
}

/** The same place in the known form, where it has one: attributes of a single entity stand beside the table there. */
function knownPlace(at: string, contract: MigrationContract): string {
  const match = /^(\/tables\/(\d+))\/entities\/0(\/attributes\/.*)$/.exec(at);
  const single = match && contract.tables[Number(match[2])]?.type === 'single-entity';
  return single ? `${match[1] ?? ''}${match[3] ?? ''}` : at;
}
