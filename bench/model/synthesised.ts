import type { TableFacts } from '../../core/analysis.ts';
import type { ApplicationAnalysis, CallSite } from '../../core/data-access.ts';
import type { SqlPart } from '../../core/sql-template.ts';

/** An application that has nothing but these statements. */
export function noApplication(callSites: readonly CallSite[]): ApplicationAnalysis {
  const driver = { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' } as const;
  return { framework: 'none', driver, routes: [], callSites, transactions: [], unresolved: [] };
}

/**
 * Statements for a database that has no application with it: every table read by its primary key, by each foreign key
 * in order of the primary key, by each unique key, and with each parent; a row inserted, changed and removed. They
 * are what any application does at least; they are **not** what its application does.
 */
export function patternsThroughKeys(tables: readonly TableFacts[]): CallSite[] {
  return tables.flatMap((table) => statementsOf(table)).map((sql, at) => callSite(sql, at));
}

/** The bodies of views, as statements. Views name their database before each table; here they don't. */
export function patternsOfViews(
  views: readonly { readonly definition: string }[],
  database: string,
  from: number,
): CallSite[] {
  const prefix = `\`${database}\`.`;
  return views.map(({ definition }, at) => ({
    ...callSite(definition.replaceAll(prefix, ''), from + at),
    within: 'view',
  }));
}

function statementsOf(table: TableFacts): string[] {
  const name = quoted(table.name);
  const by = (columns: readonly string[]) => columns.map((column) => `${quoted(column)} = ?`).join(' AND ');
  const key = table.primaryKey;
  if (key.length === 0) return [`SELECT * FROM ${name}`];
  const order = key.map(quoted).join(', ');
  const generated = new Set(table.columns.filter((column) => column.generated).map((column) => column.name));
  const writable = table.columns.filter((column) => !generated.has(column.name) && !column.autoIncrement);
  const plain = writable.find(
    (column) =>
      !key.includes(column.name) &&
      !table.foreignKeys.some(({ columns }) => columns.includes(column.name)) &&
      !table.indexes.some(({ unique, parts }) => unique && parts.some((part) => part.column === column.name)),
  );
  const uniques = table.indexes.filter(
    ({ name: index, unique, parts }) =>
      unique && index !== 'PRIMARY' && parts.every((part) => part.column !== null && part.prefix === null),
  );
  return [
    `SELECT * FROM ${name} WHERE ${by(key)}`,
    ...table.foreignKeys.map(({ columns }) => `SELECT * FROM ${name} WHERE ${by(columns)} ORDER BY ${order} LIMIT ?`),
    ...uniques.map(({ parts }) => `SELECT * FROM ${name} WHERE ${by(parts.map((part) => part.column ?? ''))}`),
    ...table.foreignKeys
      .filter((foreign) => foreign.referencedTable !== table.name)
      .map((foreign) => {
        const on = foreign.columns.map(
          (column, at) => `p.${quoted(foreign.referencedColumns[at] ?? '')} = c.${quoted(column)}`,
        );
        const own = key.map((column) => `c.${quoted(column)} = ?`).join(' AND ');
        return `SELECT c.*, p.* FROM ${name} c JOIN ${quoted(foreign.referencedTable)} p ON ${on.join(' AND ')} WHERE ${own}`;
      }),
    `INSERT INTO ${name} (${writable.map((column) => quoted(column.name)).join(', ')}) VALUES (${writable.map(() => '?').join(', ')})`,
    ...(plain ? [`UPDATE ${name} SET ${quoted(plain.name)} = ? WHERE ${by(key)}`] : []),
    `DELETE FROM ${name} WHERE ${by(key)}`,
  ];
}

function callSite(sql: string, at: number): CallSite {
  const texts = sql.split('?');
  const parts: SqlPart[] = texts.flatMap((text, index): SqlPart[] => [
    ...(index > 0 ? [{ kind: 'parameter', expression: `v${index}` } as const] : []),
    { kind: 'text', text },
  ]);
  const verb = /^\s*(?:select|insert|update|delete)/i.exec(sql)?.[0].trim().toLowerCase();
  return {
    id: `CS-${String(at + 1).padStart(4, '0')}`,
    span: { file: 'synthesised.ts', line: at + 1, column: 1, start: at, end: at },
    within: 'synthesised',
    ...{ api: 'execute', style: 'promise', receiver: 'pool' },
    template: { parts },
    inputs: [],
    statement: (verb ?? 'select') as CallSite['statement'],
    result: 'rows',
  };
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
