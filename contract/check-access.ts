import type { AccessPattern, Analysis } from '../core/analysis.ts';
import { duplicates } from './check-tables.ts';
import { parseKeyTemplate, type TemplatePart } from './key-template.ts';
import { pointer, problem, type Problem } from './problem.ts';
import type { ContractTable, MigrationContract, PatternService } from './types.ts';

/** Rules of access patterns: named once, served by what exists, and by keys that the pattern can fill. */
export function checkAccess(contract: MigrationContract, analysis?: Analysis): Problem[] {
  const tables = new Map(contract.tables.map((table) => [table.table, table]));
  const patterns = new Map(analysis?.accessPatterns.map((pattern) => [pattern.id, pattern]));
  const services = new Map(contract.access_patterns.map((service) => [service.id, service]));
  const problems: Problem[] = duplicates(contract.access_patterns.map(({ id }) => id)).map((at) =>
    problem(pointer('access_patterns', at, 'id'), 'is another access pattern too'),
  );
  contract.access_patterns.forEach((service, at) => {
    problems.push(...checkService(service, tables, patterns.get(service.id), pointer('access_patterns', at)));
  });
  contract.tables.forEach((table, at) => {
    table.satisfies.forEach((id, which) => {
      const place = pointer('tables', at, 'satisfies', which);
      if (services.has(id)) return;
      problems.push(problem(place, `is ${id}, which is no access pattern`));
    });
  });
  return problems;
}

function checkService(
  service: PatternService,
  tables: ReadonlyMap<string, ContractTable>,
  pattern: AccessPattern | undefined,
  at: string,
): Problem[] {
  const problems: Problem[] = [];
  if (service.status === 'refused') {
    if (service.reason.trim() === '') problems.push(problem(`${at}/reason`, 'is empty, but the pattern is refused'));
    if (service.served_by.length > 0)
      problems.push(problem(`${at}/served_by`, 'names tables, but the pattern is refused'));
  } else if (service.served_by.length === 0 && !readsNothing(service, pattern)) {
    problems.push(problem(`${at}/served_by`, 'is empty, but the pattern is served'));
  }
  if (service.rates.peak < service.rates.mean) problems.push(problem(`${at}/rates/peak`, 'is less than the mean'));
  if (
    pattern?.kind === 'write' &&
    service.status === 'served' &&
    !service.served_by.some(({ operation }) => operation === 'write')
  ) {
    problems.push(problem(`${at}/served_by`, 'writes nothing, but the pattern is a write'));
  }
  if (pattern?.kind === 'read' && service.served_by.some(({ operation }) => operation === 'write')) {
    problems.push(problem(`${at}/served_by`, 'writes, but the pattern is a read'));
  }
  service.served_by.forEach((entry, which) => {
    problems.push(...checkEntry(service.id, entry, tables, pattern, `${at}/served_by/${which}`));
  });
  return problems;
}

/** `SELECT 1` uses no table; without the analysis, what costs nothing is taken for it. */
function readsNothing({ units }: PatternService, pattern: AccessPattern | undefined): boolean {
  return pattern === undefined ? units.read === 0 && units.write === 0 : pattern.tables.length === 0;
}

function checkEntry(
  id: string,
  entry: PatternService['served_by'][number],
  tables: ReadonlyMap<string, ContractTable>,
  pattern: AccessPattern | undefined,
  at: string,
): Problem[] {
  const table = tables.get(entry.table);
  if (!table) return [problem(`${at}/table`, `is ${entry.table}, which is no table of the contract`)];
  const problems: Problem[] = [];
  if (!table.satisfies.includes(id))
    problems.push(problem(`${at}/table`, `is ${entry.table}, which does not name ${id} in satisfies`));
  if ((entry.operation === 'scan') !== (entry.budget_items !== undefined)) {
    problems.push(
      problem(`${at}/budget_items`, entry.operation === 'scan' ? 'is missing' : `is given for ${entry.operation}`),
    );
  }
  if (entry.index === null) {
    if (entry.operation === 'query' && table.sk === null) {
      problems.push(problem(`${at}/operation`, 'is a query, but the table has no sort key: one key is one item'));
    }
  } else if (!table.gsis.some(({ index_name }) => index_name === entry.index)) {
    const columns = pattern === undefined ? '' : `, by columns that ${id} compares`;
    const needed = `${id} needs one of that name${columns}, or another way to its rows`;
    return [...problems, problem(`${at}/index`, `is ${entry.index}, which is no index of ${entry.table}: ${needed}`)];
  } else if (entry.operation !== 'query') {
    problems.push(problem(`${at}/operation`, `is ${entry.operation}, but an index is read by query`));
  }
  if (pattern && entry.operation !== 'scan' && entry.operation !== 'write') {
    problems.push(...checkBound(entry, table, pattern, at));
  }
  return problems;
}

/** Whether the pattern, or a foreign key that it sets off, gives the value of each column that the key asks for. */
function checkBound(
  entry: PatternService['served_by'][number],
  table: ContractTable,
  pattern: AccessPattern,
  at: string,
): Problem[] {
  const candidates = table.entities.flatMap((entity) => {
    const templates =
      entry.index === null
        ? { pk: entity.pk_template, sk: entity.sk_template }
        : Object.hasOwn(entity.index_templates, entry.index)
          ? entity.index_templates[entry.index]
          : undefined;
    if (!templates) return [];
    const whole = entry.operation === 'get' || entry.operation === 'batch-get';
    const texts = [templates.pk, ...(whole && templates.sk !== null ? [templates.sk] : [])];
    return [
      { entity, columns: texts.flatMap((text) => safeColumns(text)), cut: texts.flatMap((text) => cutColumns(text)) },
    ];
  });
  const served = candidates.some(({ entity, columns, cut }) => {
    const bound = new Set(pattern.predicates.flatMap((predicate) => boundColumns(predicate, entity.source_table, cut)));
    const keys = entity.references.map((reference) => reference.columns);
    return columns.every(
      (column) => bound.has(column) || (pattern.kind === 'write' && keys.some((key) => key.includes(column))),
    );
  });
  return served ? [] : [problem(at, `${pattern.id} binds no value to the key of ${entry.index ?? entry.table}`)];
}

/** A time bucket can be found by a range too: it is read bucket by bucket. */
function boundColumns(predicate: AccessPattern['predicates'][number], table: string, cut: readonly string[]): string[] {
  const ranged = predicate.operator === 'range' && cut.includes(predicate.column);
  if (!ranged && !['=', 'in', 'is-null'].includes(predicate.operator)) return [];
  const own = predicate.table === table ? [predicate.column] : [];
  const other = predicate.with !== 'value' && predicate.with.table === table ? [predicate.with.column] : [];
  return [...own, ...other];
}

function safeColumns(template: string): readonly string[] {
  return columnParts(template).map(({ column }) => column);
}

function cutColumns(template: string): readonly string[] {
  return columnParts(template).flatMap(({ column, bucket }) => (bucket === undefined ? [] : [column]));
}

/** Templates that don't parse are told by the checks of keys. */
function columnParts(template: string): readonly Extract<TemplatePart, { kind: 'column' }>[] {
  try {
    return parseKeyTemplate(template).parts.flatMap((part) => (part.kind === 'column' ? [part] : []));
  } catch {
    return [];
  }
}
