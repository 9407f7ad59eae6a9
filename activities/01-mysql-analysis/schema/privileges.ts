import type { Analysis, ServerFacts } from '../../../core/analysis.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import { identifier } from '../../mysql.ts';
import type { SourceReader } from '../source.ts';
import { isAtLeast } from './server.ts';

/** What the server's SHOW GRANTS says of the user, as far as it bears on the database. */
export interface Privileges {
  /** `'name'@'host'` as the server knows the user. */
  readonly account: string;
  readonly database: string;
  /** Names of privileges on everything and on the database, upper case; `ALL PRIVILEGES` as it is written. */
  readonly onAll: ReadonlySet<string>;
  readonly onDatabase: ReadonlySet<string>;
}

/** Without these the server does not refuse but leaves out: an analysis would be incomplete and not know it. */
const NEEDED = ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT'];

/** Reads the grants of the current user, those of its active roles included. */
export async function readPrivileges(reader: SourceReader): Promise<Privileges> {
  const [user] = await reader.query('SELECT CURRENT_USER() AS account');
  const rows = await reader.query('SHOW GRANTS');
  const lines = rows.map((row) => String(Object.values(row)[0] ?? ''));
  return parseGrants(String(user?.['account'] ?? ''), reader.database, lines);
}

/** Pure part of {@link readPrivileges}. */
export function parseGrants(account: string, database: string, lines: readonly string[]): Privileges {
  const onAll = new Set<string>();
  const onDatabase = new Set<string>();
  for (const line of lines) {
    const grant = /^GRANT (.+?) ON (\*|`(?:[^`]|``)*`)\.\* TO /.exec(line);
    const names = (grant?.[1] ?? '').split(',').map((name) => name.trim().toUpperCase());
    if (grant?.[2] === '*') for (const name of names) onAll.add(name);
    else if (grant?.[2] !== undefined && matches(grant[2].slice(1, -1).replaceAll('``', '`'), database)) {
      for (const name of names) onDatabase.add(name);
    }
  }
  const at = account.lastIndexOf('@');
  return { account: `${quoted(account.slice(0, at))}@${quoted(account.slice(at + 1))}`, database, onAll, onDatabase };
}

/**
 * Says what is missing and the statement that gives it.
 * @throws CutoverError analysis.privileges-missing
 */
export function requirePrivileges(privileges: Privileges, where: string): void {
  const missing = NEEDED.filter((name) => !holds(privileges, name));
  if (missing.length === 0) return;
  throw new CutoverError('analysis.privileges-missing', {
    where,
    detail: `${privileges.account} lacks ${missing.join(', ')}. As an administrator: ${grantFor(privileges, missing)}`,
  });
}

/** The statement that gives the user privileges on the database. */
export function grantFor(privileges: Privileges, names: readonly string[]): string {
  // In a GRANT the database is a pattern.
  const pattern = identifier(privileges.database.replace(/[\\_%]/g, '\\$&'));
  return `GRANT ${names.join(', ')} ON ${pattern}.* TO ${privileges.account};`;
}

/** Routines of others are not refused either, but their text, or they themselves, are left out of the catalogue. */
export function hiddenObjects(privileges: Privileges, server: ServerFacts): NonNullable<Analysis['hidden']> {
  if (privileges.onAll.has('ALL PRIVILEGES') || privileges.onAll.has('SELECT')) return [];
  const showRoutine = server.flavour === 'mysql' && isAtLeast(server, 8, 0, 20);
  if (showRoutine && privileges.onAll.has('SHOW_ROUTINE')) return [];
  const table = server.flavour === 'mysql' && isAtLeast(server, 8) ? undefined : '`mysql`.`proc`';
  const grant = showRoutine
    ? `GRANT SHOW_ROUTINE ON *.* TO ${privileges.account};`
    : `GRANT SELECT ON ${table ?? '*.*'} TO ${privileges.account};`;
  return [{ objects: 'procedures and functions of other definers, or their text', grant }];
}

function holds({ onAll, onDatabase }: Privileges, name: string): boolean {
  return [onAll, onDatabase].some((set) => set.has(name) || set.has('ALL PRIVILEGES'));
}

/** Database names in grants are patterns with `%` and `_`, of which backslashes take the meaning. */
function matches(pattern: string, database: string): boolean {
  const expression = pattern.replace(/\\([\\_%])|[\s\S]/g, (piece, escaped: string | undefined) => {
    if (escaped !== undefined) return escapeExpression(escaped);
    return piece === '%' ? '[\\s\\S]*' : piece === '_' ? '[\\s\\S]' : escapeExpression(piece);
  });
  return new RegExp(`^${expression}$`, 'i').test(database);
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function quoted(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
