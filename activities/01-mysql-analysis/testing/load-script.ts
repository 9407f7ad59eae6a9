import type { Connection } from 'mysql2/promise';

/**
 * Runs a script as the mysql client would, in the connection's own database instead of the one that it names. The
 * connection must take several statements at once.
 */
export async function loadScript(connection: Connection, script: string, name: string): Promise<void> {
  for (const statement of statementsOf(script, name)) await connection.query(statement);
}

/** The script in pieces that a server takes, without its choice of a database. */
export function statementsOf(script: string, name: string): string[] {
  const own = script
    .replace(/^(?:DROP|CREATE) (?:DATABASE|SCHEMA)\b.*$/gim, '')
    .replace(new RegExp(`^USE \`?${name}\`?;`, 'gim'), '')
    .replace(new RegExp(`\\b${name}\\.(?=\\w)`, 'g'), '');
  let delimiter = ';';
  const statements: string[] = [];
  for (const piece of own.split(/^DELIMITER\s+(\S+)\s*$/im)) {
    if (piece === '//' || piece === '$$' || piece === ';' || piece === ';;') {
      delimiter = piece;
      continue;
    }
    statements.push(...(delimiter === ';' ? [piece] : piece.split(delimiter)));
  }
  return statements.filter((statement) => statement.trim() !== '');
}
