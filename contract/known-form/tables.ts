import { parseKeyTemplate } from '../key-template.ts';
import { pointer, problem } from '../problem.ts';
import type { ContractTable, KeyAttribute } from '../types.ts';
import { importAttribute } from './attributes.ts';
import { entityOf, placeholder, uniqueKeys } from './entities.ts';
import type { KnownAttribute, KnownTable } from './form.ts';
import { importIndex } from './indexes.ts';
import { importTemplate, namedKey, type ImportedKey, type KeySource } from './keys.ts';
import type { ImportLog } from './log.ts';

/** Where nothing says how large an item is. */
const UNKNOWN_SIZE = 400;

/** Reads one table; undefined with the reason in the log. */
export function importTable(table: KnownTable, at: number, log: ImportLog): ContractTable | undefined {
  const place = pointer('tables', at);
  const parts =
    table.type === 'single-entity'
      ? [{ type: table.table, source: table.source_table, attributes: table.attributes ?? [], at: place }]
      : (table.entities ?? []).map((entity, of) => ({
          type: entity.entity_type,
          source: entity.source_table,
          attributes: entity.attributes,
          at: `${place}/entities/${of}`,
        }));
  const sources = parts.map(({ source, attributes, at: here }) => readSource(source, attributes, here, log));
  if (sources.some((source) => source === undefined)) return undefined;
  const known = sources.flatMap((source) => source ?? []);
  const keys =
    table.type === 'single-entity' ? singleKeys(table, known[0], place, log) : sharedKeys(table, known, place, log);
  if (!keys) return undefined;
  const gsis = (table.gsis ?? []).map((index, which) => importIndex(index, known, `${place}/gsis/${which}`, log));
  if (gsis.some((index) => index === undefined)) return undefined;
  const indexes = gsis.flatMap((index) => index ?? []);
  const names = [keys.pk.name, keys.sk?.name, ...indexes.flatMap(({ index }) => [index.pk.name, index.sk?.name])];
  const keyNames = new Set(names.flatMap((name) => name ?? []));
  const entities = known.map((source, of) => {
    const templates = keys.templates[of] ?? { pk: '', sk: null };
    const entityType = parts[of]?.type ?? '';
    return entityOf({ source, entityType, templates, indexes, of, keyNames }, parts[of]?.at ?? place, log);
  });
  return {
    table: table.table,
    type: table.type,
    source_table: table.type === 'single-entity' ? (known[0]?.facts.name ?? null) : null,
    pk: keys.pk,
    sk: keys.sk,
    gsis: indexes.map(({ index }) => index),
    entities,
    satisfies: [],
    estimated_item_size_bytes: table.estimated_item_size_bytes ?? sizeOf(known, place, log),
    rationale: '',
  };
}

function readSource(
  name: string | null | undefined,
  attributes: readonly KnownAttribute[],
  at: string,
  log: ImportLog,
): KeySource | undefined {
  const named = name ?? attributes[0]?.source_table;
  if (named === undefined) {
    log.problem(problem(`${at}/source_table`, 'is missing, and no attribute names one'));
    return undefined;
  }
  if (typeof name !== 'string')
    log.repaired(`${at}/source_table`, name, named, 'Its first attribute comes from there.');
  const facts = log.table(named, `${at}/source_table`);
  if (!facts) return undefined;
  const read = attributes.map((one, which) => importAttribute(one, facts, `${at}/attributes/${which}`, log));
  return { facts, attributes: read.flatMap((one) => one ?? []) };
}

interface Keys {
  readonly pk: KeyAttribute;
  readonly sk: KeyAttribute | null;
  readonly templates: readonly { readonly pk: string; readonly sk: string | null }[];
}

function singleKeys(table: KnownTable, source: KeySource | undefined, at: string, log: ImportLog): Keys | undefined {
  if (!source) return undefined;
  if (typeof table.pk !== 'string') {
    log.problem(problem(`${at}/pk`, 'is missing'));
    return undefined;
  }
  const pk = namedKey(table.pk, source, `${at}/pk`, log);
  const named = typeof table.sk === 'string' ? namedKey(table.sk, source, `${at}/sk`, log) : null;
  if (!pk || named === undefined) return undefined;
  const sk = named && completed(named, pk, source, `${at}/sk`, log);
  return { pk: pk.key, sk: sk?.key ?? null, templates: [{ pk: pk.template, sk: sk?.template ?? null }] };
}

function sharedKeys(table: KnownTable, known: readonly KeySource[], at: string, log: ImportLog): Keys | undefined {
  const templates = (table.entities ?? []).map((entity, of) => {
    const source = known[of];
    const here = `${at}/entities/${of}`;
    if (!source) return undefined;
    const pk = importTemplate(entity.pk_template, source, `${here}/pk_template`, log);
    const given = entity.sk_template;
    const sk = typeof given === 'string' ? importTemplate(given, source, `${here}/sk_template`, log) : null;
    if (pk === undefined || sk === undefined) return undefined;
    const key = (template: string): ImportedKey => ({ key: { name: '', type: 'S' }, template });
    return { pk, sk: sk === null ? null : completed(key(sk), key(pk), source, `${here}/sk_template`, log).template };
  });
  if (templates.some((one) => one === undefined)) return undefined;
  const read = templates.flatMap((one) => one ?? []);
  const sorted = read.some(({ sk }) => sk !== null);
  const name = (part: 'pk' | 'sk'): KeyAttribute => {
    const given = table[part];
    if (typeof given === 'string') return { name: given, type: 'S' };
    return { name: log.repaired(`${at}/${part}`, given, part, 'The entities have templates for it.'), type: 'S' };
  };
  return { pk: name('pk'), sk: sorted ? name('sk') : null, templates: read };
}

/** Rows that would share a key get what tells them apart at the end of their sort key. */
function completed(sk: ImportedKey, pk: ImportedKey, source: KeySource, at: string, log: ImportLog): ImportedKey {
  const used = new Set([pk, sk].flatMap(({ template }) => parseKeyTemplate(template).columns));
  const keys = uniqueKeys(source.facts);
  if (keys.some((key) => key.every((column) => used.has(column)))) return sk;
  const missing = source.facts.primaryKey.filter((column) => !used.has(column));
  if (missing.length === 0) return sk;
  const template = `${sk.template}#${missing.map((column) => placeholder(column, source.facts)).join('#')}`;
  const native = sk.key.type === 'S' ? sk.key : { ...sk.key, type: 'S' as const };
  log.repaired(at, sk.template, template, `Rows of ${source.facts.name} would share a key.`);
  const taken = source.attributes.some(({ name }) => name === sk.key.name);
  return { key: taken ? { ...native, name: `${sk.key.name}_key` } : native, template };
}

function sizeOf(known: readonly KeySource[], at: string, log: ImportLog): number {
  const size = Math.max(...known.map(({ facts }) => Math.round(facts.statistics.rowBytes.p50)), 0);
  const guess = size > 0 ? size : UNKNOWN_SIZE;
  return log.repaired(`${at}/estimated_item_size_bytes`, undefined, guess, 'It was not said; rows are about so large.');
}
