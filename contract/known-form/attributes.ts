import type { TableFacts } from '../../core/analysis.ts';
import { attributeType, sourceType, valueFamily } from '../attribute-type.ts';
import { pointer, problem } from '../problem.ts';
import type { ContractAttribute, SourceType, ValueEncoding } from '../types.ts';
import {
  CALCULATION_FIELDS,
  CONSTRUCTION_FIELDS,
  HOP_FIELDS,
  JOIN_FIELDS,
  TRANSFORMATION_FIELDS,
  quoted,
  type KnownAttribute,
} from './form.ts';
import type { ImportLog } from './log.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads one attribute of the known form, of rows of `own`; undefined when it names what the source has not. */
export function importAttribute(
  attribute: KnownAttribute,
  own: TableFacts,
  at: string,
  log: ImportLog,
): ContractAttribute | undefined {
  const facts =
    typeof attribute.source_table === 'string'
      ? log.table(attribute.source_table, `${at}/source_table`)
      : log.tableOf(own, `${at}/source_table`);
  if (!facts) return undefined;
  const columns = [attribute.source_column].flat().map((column) => log.column(column, facts, `${at}/source_column`));
  if (columns.some((column) => column === undefined)) return undefined;
  const names = columns.flatMap((column) => (column ? [column.name] : []));
  const [first] = columns;
  if (!first) return undefined;
  const type = sourceType(first);
  const derivation = derivationOf(attribute, at, log);
  const base = {
    name: attribute.name,
    source_table: facts.name,
    source_column: names.length === 1 && typeof attribute.source_column === 'string' ? (names[0] ?? '') : names,
    source_type: type,
    ...derivation,
    ...(attribute.denormalized === undefined ? {} : { denormalized: attribute.denormalized }),
    ...(attribute.justification === undefined ? {} : { justification: attribute.justification }),
  };
  if (Object.keys(derivation).length > 0) return { ...base, type: derivedType(attribute, at, log) };
  const { encoding, type: written } = directType(attribute.type, type, at, log);
  return { ...base, type: written, ...(encoding === 'canonical' ? {} : { encoding }) };
}

/** The type that a column is written with: as it is asked for where an encoding gives that, else as its values are. */
function directType(
  asked: ContractAttribute['type'],
  source: SourceType,
  at: string,
  log: ImportLog,
): { encoding: ValueEncoding; type: ContractAttribute['type'] } {
  const canonical = attributeType(source);
  if (canonical === null || asked === canonical) return { encoding: 'canonical', type: asked };
  const family = valueFamily(source.data_type);
  const encoding: ValueEncoding | undefined =
    asked === 'S' && canonical === 'N'
      ? 'text'
      : asked === 'BOOL' && family === 'integer'
        ? 'boolean'
        : asked === 'SS' && source.data_type === 'set'
          ? 'set'
          : (asked === 'M' || asked === 'L') && family === 'json'
            ? 'document'
            : asked === 'N' && family === 'temporal'
              ? 'epoch-seconds'
              : undefined;
  if (encoding !== undefined && !log.canonicalTypes) return { encoding, type: asked };
  const why = `Values of ${source.data_type} are ${canonical} (docs/value-encoding.md).`;
  return { encoding: 'canonical', type: log.repaired(`${at}/type`, asked, canonical, why) };
}

/** Sums, counts and averages are numbers, whatever the known form calls them. */
function derivedType(attribute: KnownAttribute, at: string, log: ImportLog): ContractAttribute['type'] {
  const operation = attribute.calculation?.['operation'];
  if (attribute.type !== 'N' && ['SUM', 'COUNT', 'AVG'].includes(String(operation)))
    return log.repaired(`${at}/type`, attribute.type, 'N', `${String(operation)} gives a number.`);
  return attribute.type;
}

/** Join, calculation or transformation, each with the fields of its kind. */
function derivationOf(attribute: KnownAttribute, at: string, log: ImportLog): object {
  return {
    ...(attribute.join ? { join: importJoin(attribute.join, `${at}/join`, log) } : {}),
    ...(attribute.calculation ? { calculation: calculation(attribute.calculation, `${at}/calculation`, log) } : {}),
    ...(attribute.transformation
      ? { transformation: only(attribute.transformation, TRANSFORMATION_FIELDS, `${at}/transformation`, log) }
      : {}),
  };
}

function importJoin(join: Fields, at: string, log: ImportLog): object {
  const read = only(join, JOIN_FIELDS, at, log) as Record<string, unknown>;
  if (typeof read['target_table'] === 'string')
    read['target_table'] = log.table(read['target_table'], `${at}/target_table`)?.name ?? read['target_table'];
  switch (read['type']) {
    case 'conditional':
      if (read['else_value'] === undefined)
        read['else_value'] = log.repaired(`${at}/else_value`, undefined, null, 'Without a word for it, it is NULL.');
      break;
    case 'chain':
      if (read['chain_separator'] === null) delete read['chain_separator'];
      if (Array.isArray(read['joins']))
        read['joins'] = read['joins'].map((hop: unknown, which) =>
          picked(hop as Fields, HOP_FIELDS, `${at}/joins/${which}`, log),
        );
      break;
    case 'json-construction':
      read['construction'] = construction(read, `${at}/construction`, log);
      break;
  }
  return read;
}

/** Some rows of many are only the same rows each time when an order says which. */
function construction(join: Fields, at: string, log: ImportLog): unknown {
  const given = join['construction'];
  if (typeof given !== 'object' || given === null) return given;
  const read = picked(given as Fields, CONSTRUCTION_FIELDS, at, log);
  if (read['type'] !== 'array' || read['limit'] === undefined || read['order_by'] !== undefined) return read;
  const target = log.facts(String(join['target_table']));
  if (!target || target.primaryKey.length === 0) return read;
  const order = target.primaryKey.map((column) => `\`${column.replaceAll('`', '``')}\``).join(', ');
  const why = 'A limit without an order takes other rows each time.';
  return { ...read, order_by: log.repaired(`${at}/order_by`, undefined, order, why) };
}

function calculation(given: Fields, at: string, log: ImportLog): object {
  const read = only(given, CALCULATION_FIELDS, at, log) as Record<string, unknown>;
  if (read['type'] === 'concat' && read['separator'] === undefined)
    read['separator'] = log.repaired(`${at}/separator`, undefined, '', 'Nothing stands between the values.');
  return read;
}

/** The fields of the kind that `type` says; a kind that nobody knows is left for the contract's own check. */
function only(given: Fields, kinds: Readonly<Record<string, readonly string[]>>, at: string, log: ImportLog): Fields {
  const type = String(given['type']);
  if (!Object.hasOwn(kinds, type)) {
    log.problem(problem(`${at}/type`, `is ${quoted(given['type'])}, which is no kind of it`));
    return { ...given };
  }
  return picked(given, kinds[type] ?? [], at, log);
}

function picked(given: Fields, fields: readonly string[], at: string, log: ImportLog): Fields {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (fields.includes(name)) read[name] = value;
    else log.repaired(at + pointer(name), value, undefined, 'This kind has no such field.');
  }
  return read;
}
