import { CutoverError } from '../../../core/errors/index.ts';
import type { McpSettings, SourceSettings } from '../../../core/plan.ts';
import type { Row, SourceReader } from '../source.ts';
import { mcpQueryError, messageOf } from './errors.ts';
import { connectTool, type McpTool } from './mcp-client.ts';
import { pageStatement, readPage, type Page } from './row-text.ts';
import { bind, requireReading, type Bound } from './statements.ts';

/** Rows asked for at once where the settings say nothing; below the caps that servers are known to have. */
const PAGE_ROWS = 500;

/**
 * Reads through the tool of an MCP server that takes a statement as text. There is no session of ours: the statements
 * themselves must not depend on one, and nothing but reading statements is ever sent.
 */
export async function openMcp(
  source: SourceSettings,
  settings: McpSettings,
  resolve: (reference: string) => Promise<string>,
): Promise<SourceReader> {
  const where = `MCP server ${settings.url ?? settings.command ?? ''}, tool ${settings.tool}`;
  const tool = await connectTool(settings, resolve, where);
  const rowsAtOnce = settings.pageRows ?? PAGE_ROWS;
  const query = async (sql: string, values: readonly Bound[] = []): Promise<Row[]> => {
    requireReading(sql);
    const statement = bind(sql, values);
    if (/^\s*SHOW\b/i.test(statement)) return rowsOf(await answer(tool, statement, where), where, statement);
    // Asked for no rows, only whether it may be read: there are no columns to name.
    if (/^\s*SELECT \* FROM .* LIMIT 0$/is.test(statement)) {
      await answer(tool, statement, where);
      return [];
    }
    return allPages(tool, statement, rowsAtOnce, where);
  };
  const reader = { database: source.database, where, query, close: () => tool.close() };
  await requireDatabase(reader).catch(async (error: unknown) => {
    await tool.close();
    throw error;
  });
  return reader;
}

/** Our statements name tables alone, so the server must stand in the database that the plan names. */
async function requireDatabase(reader: SourceReader): Promise<void> {
  const [row] = await reader.query('SELECT DATABASE() AS name');
  const name = row?.['name'] ?? null;
  if (String(name).toLowerCase() === reader.database.toLowerCase()) return;
  throw new CutoverError('analysis.database-missing', {
    where: reader.where,
    detail: `The MCP server's database is ${name === null ? 'not set' : String(name)}; the plan says ${reader.database}. Set it in \`source.mcp\`.`,
  });
}

async function allPages(tool: McpTool, sql: string, rowsAtOnce: number, where: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await onePage(tool, sql, rows.length, rowsAtOnce, where);
    rows.push(...page.rows);
    if (page.complete && page.rows.length < rowsAtOnce) return rows;
    // The server cut the answer off; what came is good, and the rest is asked for from there.
    if (!page.complete && page.rows.length === 0) {
      throw new CutoverError('analysis.mcp-answer-unreadable', {
        where,
        detail: `The answer held no whole row of: ${sql.replace(/\s+/g, ' ').slice(0, 120)}`,
      });
    }
  }
}

async function onePage(tool: McpTool, sql: string, offset: number, rowsAtOnce: number, where: string): Promise<Page> {
  const texts = await answer(tool, pageStatement(sql, offset, rowsAtOnce), where);
  try {
    return readPage(sql, texts.join('\n'));
  } catch (error) {
    throw new CutoverError('analysis.mcp-answer-unreadable', { where, detail: messageOf(error), cause: error });
  }
}

async function answer(tool: McpTool, sql: string, where: string): Promise<readonly string[]> {
  const { texts, failed } = await tool.call(sql);
  // Some servers say an error as any other text.
  const error = texts.find((text) => failed || /^\s*(?:Error|MySQL error)\b/i.test(text));
  if (failed || error !== undefined) throw mcpQueryError(error ?? 'The tool failed.', where, sql);
  return texts;
}

/** SHOW can not be put into another statement: its rows are read from the JSON that servers give. */
function rowsOf(texts: readonly string[], where: string, sql: string): Row[] {
  for (const text of texts) {
    const rows = firstRows(parsed(text));
    if (rows !== undefined) return rows;
  }
  throw new CutoverError('analysis.mcp-answer-unreadable', { where, detail: `No JSON came of: ${sql.slice(0, 120)}` });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The first list of objects in it: servers put rows as they are, or into `rows`, `data`, `results`. */
function firstRows(value: unknown): Row[] | undefined {
  if (Array.isArray(value)) {
    return value.every((one) => typeof one === 'object' && one !== null) ? (value as Row[]) : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const rows = firstRows(inner);
    if (rows !== undefined) return rows;
  }
  return undefined;
}
