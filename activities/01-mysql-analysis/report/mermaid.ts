import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';

/** The entity-relationship diagram; names are data and can't end a string or start a statement of the diagram. */
export function erDiagram(tables: readonly TableFacts[]): string {
  const ids = new Map(tables.map((table, index) => [table.name, `t${index + 1}`]));
  const lines = tables.flatMap((table) => [
    `  ${ids.get(table.name) ?? ''}["${label(table.name)}"] {`,
    ...table.columns.map((column) => `    ${attribute(table, column)}`),
    '  }',
  ]);
  const relations = tables.flatMap((table) =>
    table.foreignKeys.flatMap((key) => {
      const parent = ids.get(key.referencedTable);
      if (parent === undefined) return [];
      const optional = key.columns.some(
        (name) => table.columns.find((column) => column.name === name)?.nullable === true,
      );
      const unique = table.indexes.some(
        (index) =>
          index.unique &&
          index.parts.length <= key.columns.length &&
          index.parts.every((part) => part.column !== null && key.columns.includes(part.column)),
      );
      return [
        `  ${parent} ${optional ? '|o' : '||'}--${unique ? 'o|' : 'o{'} ${ids.get(table.name) ?? ''} : "${label(key.columns.join(', '))}"`,
      ];
    }),
  );
  return ['```mermaid', 'erDiagram', ...lines, ...relations, '```'].join('\n');
}

function attribute(table: TableFacts, column: ColumnFacts): string {
  const keys = [
    ...(table.primaryKey.includes(column.name) ? ['PK'] : []),
    ...(table.foreignKeys.some((key) => key.columns.includes(column.name)) ? ['FK'] : []),
    ...(isUnique(table, column.name) && !table.primaryKey.includes(column.name) ? ['UK'] : []),
  ];
  const name = word(column.name);
  const comment = name === column.name ? '' : ` "${label(column.name)}"`;
  return `${word(column.dataType)} ${name}${keys.length === 0 ? '' : ` ${keys.join(', ')}`}${comment}`;
}

function isUnique(table: TableFacts, column: string): boolean {
  return table.indexes.some((index) => index.unique && index.parts.length === 1 && index.parts[0]?.column === column);
}

/** Mermaid's attribute names are words; anything else is replaced, and the real name stands in the comment. */
function word(text: string): string {
  const replaced = text.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z]/.test(replaced) ? replaced : `c_${replaced}`;
}

function label(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[#"<>;{}[\]`\\]|\p{Cc}/gu, (character) => `#${character.charCodeAt(0)};`);
}
