import { identifier } from '../mysql.ts';
import type { SourceSettings } from '../../core/plan.ts';
import { openDirect } from './access/direct.ts';
import { openMcp } from './access/mcp.ts';
import type { Bound } from './access/statements.ts';

/** A row as it is asked for: names as aliased in the statement, values exact (strings for big numbers). */
export type Row = Readonly<Record<string, string | number | null>>;

/** Reads from the source database; nothing else of the stage talks to MySQL. */
export interface SourceReader {
  readonly database: string;
  /** Which server it is, for messages. */
  readonly where: string;
  /**
   * Rows of a SELECT, each of whose columns is named, or of SHOW. Values may come as numbers or as their text: the
   * reader of a row converts them.
   */
  query(sql: string, values?: readonly Bound[]): Promise<Row[]>;
  /** Sets a variable of the session; missing where there is no session of ours. */
  set?(assignment: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the source, directly or through the MCP server that the plan names; reads only, either way. */
export async function openSource(
  source: SourceSettings,
  resolve: (reference: string) => Promise<string>,
): Promise<SourceReader> {
  return source.mcp === undefined ? openDirect(source, resolve) : openMcp(source, source.mcp, resolve);
}

export { identifier as quoted };
