import type { TableFacts } from '../../../core/analysis.ts';
import type { CallSite } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import type { TemplateReferences } from '../../../sql/template-references.ts';
import { camel, pascal } from './words.ts';

/** What a method's name is made of. */
export interface Named {
  readonly callSite: CallSite;
  readonly references: TemplateReferences;
  /** The table that is written, or read first. */
  readonly table: string;
  /** It is not the one that gives the aggregate its name. */
  readonly isPart: boolean;
  readonly facts: Pick<TableFacts, 'primaryKey' | 'indexes'> | undefined;
}

/** `CALL charge_overdue(…)`: a stored procedure, which has a name already. */
export const PROCEDURE = /^\s*CALL\s+(?:`?\w+`?\.)?`?(\w+)/i;

/**
 * Names for a statement, the plainest first; the first that is still free is taken. They say what is done and by what:
 * `findByEmail`, `listByCategoryId`, `deleteCartItemsByCartId`.
 */
export function candidateNames(named: Named): string[] {
  const part = named.isPart ? pascal(named.table) : '';
  const { verb, what } = action(named);
  const by = predicatesOf(named, verb);
  const procedure = PROCEDURE.exec(firstText(named.callSite.template.parts))?.[1];
  if (procedure !== undefined) return [camel(procedure)];
  const plain = `${verb}${part}${what}${what === `Per${by.slice(2)}` ? '' : by}`;
  const column = onlyColumn(named.callSite);
  const others = named.references.tables.filter((table) => table !== named.table).map(pascal);
  const place = named.callSite.within.split('.').at(-1) ?? '';
  return [
    plain,
    ...(column === undefined ? [] : [`${verb}${part}${pascal(column)}${by}`]),
    ...(others.length === 0 ? [] : [`${verb}${part}${what}With${others.slice(0, 2).join('And')}${by}`]),
    // The application's own word for it, where it has one.
    ...(/^[A-Za-z_$][\w$]*$/.test(place) ? [`${plain}For${pascal(place)}`] : []),
  ];
}

function action(named: Named): { verb: string; what: string } {
  const { references, callSite } = named;
  switch (callSite.statement) {
    case 'insert':
    case 'replace':
      return { verb: insertVerb(callSite), what: '' };
    case 'update': {
      const written = [...new Set(references.writes.map(({ column }) => column))];
      return { verb: 'update', what: written.length <= 2 ? written.map(pascal).join('And') : '' };
    }
    case 'delete':
      return { verb: 'delete', what: '' };
    case 'select':
      return selection(named);
    case 'other':
      return { verb: 'run', what: '' };
  }
}

function selection(named: Named): { verb: string; what: string } {
  const { references, callSite } = named;
  const text = firstText(callSite.template.parts);
  if (references.groupBy.length > 0) {
    const groups = [...new Set(references.groupBy.map((one) => pascal(one.column)))];
    return { verb: 'summarise', what: `Per${groups.join('And')}` };
  }
  if (/^\s*SELECT\s+EXISTS\b/i.test(text)) return { verb: 'exists', what: '' };
  if (/^\s*SELECT\s+COUNT\([^()]*\)(\s+(AS\s+)?\w+)?\s+FROM\b/i.test(text)) return { verb: 'count', what: '' };
  if (references.aggregates) return { verb: 'summarise', what: '' };
  if (references.locks) return { verb: 'lock', what: '' };
  if (references.predicates.some((predicate) => !predicate.always)) return { verb: 'search', what: '' };
  return { verb: findsOne(named) ? 'find' : 'list', what: '' };
}

function insertVerb(callSite: CallSite): string {
  const text = allText(callSite.template.parts);
  const many = callSite.template.parts.some((part) => part.kind === 'rows') ? 'Many' : '';
  if (callSite.statement === 'replace') return `replace${many}`;
  if (/\bON\s+DUPLICATE\s+KEY\b/i.test(text)) return `upsert${many}`;
  return /^\s*INSERT\s+IGNORE\b/i.test(text) ? `insertMissing${many}` : `insert${many}`;
}

/** One row at most: the caller looks at no other, or all columns of a unique key are given and nothing is joined. */
function findsOne({ references, facts, callSite }: Named): boolean {
  if (callSite.result === 'first-row') return true;
  if (references.tables.length > 1) return false;
  const given = new Set(
    references.predicates
      .filter((one) => one.operator === '=' && one.with === 'value' && one.always)
      .map((one) => one.column),
  );
  const keys = [
    facts?.primaryKey ?? [],
    ...(facts?.indexes ?? [])
      .filter((index) => index.unique)
      .map((index) => index.parts.map((part) => part.column ?? '')),
  ];
  return keys.some((key) => key.length > 0 && key.every((column) => given.has(column)));
}

/** `ByCategoryIdAndStatus`: what is compared with a value in every variant. */
function predicatesOf({ references, callSite }: Named, verb: string): string {
  if (callSite.statement === 'insert' || callSite.statement === 'replace') return '';
  const optional = references.predicates.some((one) => !one.always);
  const compared = references.predicates.filter(
    (one) => one.always && one.with === 'value' && one.operator !== 'other',
  );
  // A search by what the caller wishes is not named for the conditions that it always has.
  const named =
    optional && (verb === 'search' || verb === 'count')
      ? compared.filter((one) => !isFixed(one.column, callSite))
      : compared;
  const words = new Set(
    named.map((one) => {
      const word = pascal(one.column);
      if (one.operator === 'is-null') return `${word}IsNull`;
      return one.operator === 'in' ? `${word}s` : word;
    }),
  );
  return words.size === 0 ? '' : `By${[...words].slice(0, 3).join('And')}`;
}

/** Compared with a literal of the statement's own text. */
function isFixed(column: string, callSite: CallSite): boolean {
  const word = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\b${word}\`?\\s*(=|<>|!=|[<>]=?|IS)\\s*('|\\d|TRUE|FALSE|NULL|NOW)`, 'i').test(
    allText(callSite.template.parts),
  );
}

/** `id` of `SELECT id FROM …`. */
function onlyColumn(callSite: CallSite): string | undefined {
  return /^\s*SELECT\s+(?:\w+\.)?(\w+)\s+FROM\b/i.exec(firstText(callSite.template.parts))?.[1];
}

export function firstText(parts: readonly SqlPart[]): string {
  const first = parts.find((part) => part.kind === 'text');
  return first?.kind === 'text' ? first.text : '';
}

function allText(parts: readonly SqlPart[]): string {
  return parts
    .map((part): string => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'joined' ? part.items.map((item) => allText([item])).join(part.separator) : ' ? ';
    })
    .join('');
}
