import type { Row, SourceReader } from '../source.ts';
import { CATALOGUE_VIEWS, type CatalogueView } from './catalogue-views.ts';

type Key = keyof typeof CATALOGUE_VIEWS;

/** Rows of information_schema, one list a view; columns that the server lacks are missing from the rows. */
export type CatalogueRows = Readonly<Record<Key, readonly Row[]>>;

/**
 * Reads the whole catalogue of the database: one statement for each view and one for what the views have, whatever the
 * number of tables. Nothing is put together on the server, so no limit of GROUP_CONCAT can cut anything.
 */
export async function readCatalogue(reader: SourceReader): Promise<CatalogueRows> {
  const available = await availableColumns(reader);
  const rows: Partial<Record<Key, readonly Row[]>> = {};
  for (const [key, view] of Object.entries(CATALOGUE_VIEWS) as [Key, CatalogueView][]) {
    rows[key] = await readView(reader, view, available.get(view.name) ?? new Set());
  }
  return rows as CatalogueRows;
}

async function readView(
  reader: SourceReader,
  view: CatalogueView,
  available: ReadonlySet<string>,
): Promise<readonly Row[]> {
  if (available.size === 0) return [];
  const has = (name: string): boolean => available.has(name);
  const columns = view.columns.filter(has).map((name) => `${name} AS ${name.toLowerCase()}`);
  const only = view.only === undefined ? '' : ` AND ${view.only}`;
  return reader.query(
    `SELECT ${columns.join(', ')} FROM information_schema.${view.name} WHERE ${view.schemaColumn} = ?${only}
      ORDER BY ${view.orderBy.filter(has).join(', ')}`,
    [reader.database],
  );
}

async function availableColumns(reader: SourceReader): Promise<Map<string, Set<string>>> {
  const names = Object.values(CATALOGUE_VIEWS).map((view) => view.name);
  // The name stands bare, not within a function: MySQL 5.6 would else open every table of every database.
  const rows = await reader.query(
    `SELECT UPPER(TABLE_NAME) AS view_name, UPPER(COLUMN_NAME) AS column_name FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME IN (?)`,
    [names],
  );
  const available = new Map<string, Set<string>>();
  for (const row of rows) {
    const view = String(row['view_name']);
    available.set(view, (available.get(view) ?? new Set()).add(String(row['column_name'])));
  }
  return available;
}
