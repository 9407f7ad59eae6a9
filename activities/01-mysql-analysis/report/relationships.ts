import type { Analysis, TableFacts } from '../../../core/analysis.ts';
import { code, codes, document, number, plain, table } from './markdown.ts';
import { erDiagram } from './mermaid.ts';

/** 01_3_entity_relationships.md: the diagram, the foreign keys and how many children parents have. */
export function entityRelationships(analysis: Analysis): string {
  const keys = analysis.tables.flatMap((one) => one.foreignKeys.map((key) => ({ one, key })));
  return document(
    '# Entity relationships',
    erDiagram(analysis.tables),
    '## Foreign keys',
    table(
      [
        'foreign key',
        'from',
        'to',
        'on delete',
        'on update',
        'parents with children',
        'children p50',
        'p99',
        'max',
        'orphans',
      ],
      keys.map(({ one, key }) => [
        code(key.name),
        code(`${one.name} (${key.columns.join(', ')})`),
        code(
          `${key.referencedDatabase === undefined ? '' : `${key.referencedDatabase}.`}${key.referencedTable} (${key.referencedColumns.join(', ')})`,
        ),
        plain(key.onDelete),
        plain(key.onUpdate),
        ...(key.children === undefined
          ? ['–', '–', '–', '–', '–']
          : [key.children.parents, key.children.p50, key.children.p99, key.children.max, key.children.orphans].map(
              number,
            )),
      ]),
    ),
    '## Tables without relationships',
    codes(unrelated(analysis.tables)),
  );
}

function unrelated(tables: readonly TableFacts[]): string[] {
  const related = new Set(tables.flatMap((one) => one.foreignKeys.flatMap((key) => [one.name, key.referencedTable])));
  return tables.map((one) => one.name).filter((name) => !related.has(name));
}
