import { problem } from '../problem.ts';
import type { ContractTable } from '../types.ts';
import type { KnownTable } from './form.ts';
import { namedKey, type KeySource } from './keys.ts';
import type { ImportLog } from './log.ts';

/** An index, and the templates of its keys for each entity that it holds. */
export interface ImportedIndex {
  readonly index: ContractTable['gsis'][number];
  /** By entity; undefined for entities that the index does not hold. */
  readonly templates: readonly ({ readonly pk: string; readonly sk: string | null } | undefined)[];
}

/** Reads an index; undefined with the reason in the log. */
export function importIndex(
  index: NonNullable<KnownTable['gsis']>[number],
  known: readonly KeySource[],
  at: string,
  log: ImportLog,
): ImportedIndex | undefined {
  const holds = (name: string, source: KeySource): boolean =>
    known.length === 1 || name.split('#').every((part) => source.attributes.some((one) => one.name === part));
  const made = known.map((source) => {
    if (!holds(index.pk, source) || (typeof index.sk === 'string' && !holds(index.sk, source))) return undefined;
    const pk = namedKey(index.pk, source, `${at}/pk`, log);
    const sk = typeof index.sk === 'string' ? namedKey(index.sk, source, `${at}/sk`, log) : null;
    return pk && sk !== undefined ? { pk, sk } : undefined;
  });
  const first = made.find((one) => one !== undefined);
  if (!first) {
    log.problem(problem(at, `has keys that no entity has: ${index.pk}${index.sk ? `, ${index.sk}` : ''}`));
    return undefined;
  }
  const projection =
    index.projection ?? log.repaired(`${at}/projection`, undefined, 'ALL' as const, 'It was not said.');
  return {
    index: {
      index_name: index.index_name,
      pk: first.pk.key,
      sk: first.sk?.key ?? null,
      projection,
      projected_attributes: index.projected_attributes ?? [],
      rationale: '',
    },
    templates: made.map((one) => one && { pk: one.pk.template, sk: one.sk?.template ?? null }),
  };
}
