import Table from 'cli-table3';
import { canonicalJson } from '../core/canonical-json.ts';
import { CutoverError, type ErrorReport } from '../core/errors/index.ts';

/** Where commands put what they found: text for people, or with `--json` exactly one JSON document. */
export interface Output {
  readonly json: boolean;
  /** Prints the result: `value` as JSON, or what `text` makes of it. */
  result<T>(value: T, text: (value: T) => string): void;
  /** Something on the way; never part of the JSON. */
  note(message: string): void;
}

/** Prints to the given streams. */
export function output(
  json: boolean,
  write: (text: string) => void = (text) => process.stdout.write(text),
  writeNote: (text: string) => void = (text) => process.stderr.write(text),
): Output {
  return {
    json,
    result: (value, text) => {
      write(`${json ? canonicalJson(value) : text(value)}\n`);
    },
    note: (message) => {
      if (!json) writeNote(`${message}\n`);
    },
  };
}

/** An error as people read it: what happened, where, what to do. */
export function errorText(error: unknown): string {
  const { code, summary, where, detail, remedy } = errorReport(error);
  return [`error: ${summary} (${code})`, `  where: ${where}`, `  found: ${detail}`, `  do:    ${remedy}`].join('\n');
}

/** An error as programs read it. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof CutoverError) return error.report();
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CutoverError('core.unexpected', { where: 'cutover', detail }).report();
}

/** A plain table that survives being copied into a message. */
export function table(head: string[], rows: (string | number)[][]): string {
  const made = new Table({ head, style: { head: [], border: [] } });
  made.push(...rows);
  return made.toString();
}

/** Seconds as people say them. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 100) / 10;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
