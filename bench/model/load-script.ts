import type mysql from 'mysql2/promise';

/** Runs a script as the mysql client would, in the connection's database instead of the one that it names. */
export async function loadScript(connection: mysql.Connection, script: string, name: string): Promise<void> {
  const own = script
    .replace(/^(?:DROP|CREATE) (?:DATABASE|SCHEMA)\b.*$/gim, '')
    .replace(new RegExp(`^USE \`?${name}\`?;`, 'gim'), '')
    .replace(new RegExp(`\\b${name}\\.(?=\\w)`, 'g'), '');
  let delimiter = ';';
  for (const piece of own.split(/^DELIMITER\s+(\S+)\s*$/im)) {
    if (/^(?:\/\/|\$\$|;{1,2})$/.test(piece)) {
      delimiter = piece;
      continue;
    }
    const statements = delimiter === ';' ? [piece] : piece.split(delimiter);
    for (const statement of statements) if (statement.trim() !== '') await connection.query(statement);
  }
}
