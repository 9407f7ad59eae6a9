/** An error in MySQL's own words, so that the application's handling of the driver's errors goes on working. */
export class SqlError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly sqlState: string;
  readonly sqlMessage: string;

  constructor(code: string, errno: number, sqlState: string, message: string) {
    super(message);
    this.name = 'SqlError';
    this.code = code;
    this.errno = errno;
    this.sqlState = sqlState;
    this.sqlMessage = message;
  }
}

export function duplicateEntry(value: string, table: string, key: string): SqlError {
  return new SqlError('ER_DUP_ENTRY', 1062, '23000', `Duplicate entry '${value}' for key '${table}.${key}'`);
}

export function nullNotAllowed(column: string): SqlError {
  return new SqlError('ER_BAD_NULL_ERROR', 1048, '23000', `Column '${column}' cannot be null`);
}

export function noDefault(column: string): SqlError {
  const message = `Field '${column}' doesn't have a default value`;
  return new SqlError('ER_NO_DEFAULT_FOR_FIELD', 1364, 'HY000', message);
}

export function outOfRange(column: string, row: number): SqlError {
  const message = `Out of range value for column '${column}' at row ${row}`;
  return new SqlError('ER_WARN_DATA_OUT_OF_RANGE', 1264, '22003', message);
}

export function tooLong(column: string, row: number): SqlError {
  return new SqlError('ER_DATA_TOO_LONG', 1406, '22001', `Data too long for column '${column}' at row ${row}`);
}

export function truncated(column: string, row: number): SqlError {
  return new SqlError('WARN_DATA_TRUNCATED', 1265, '01000', `Data truncated for column '${column}' at row ${row}`);
}

export function incorrectValue(kind: string, value: string, column: string, row: number): SqlError {
  const message = `Incorrect ${kind} value: '${value}' for column '${column}' at row ${row}`;
  return kind === 'integer' || kind === 'decimal' || kind === 'double'
    ? new SqlError('ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', 1366, 'HY000', message)
    : new SqlError('ER_TRUNCATED_WRONG_VALUE', 1292, '22007', message);
}

export function invalidJson(table: string, column: string): SqlError {
  const message = `Invalid JSON text: "Invalid value." at position 0 in value for column '${table}.${column}'.`;
  return new SqlError('ER_INVALID_JSON_TEXT', 3140, '22032', message);
}

interface ForeignKey {
  readonly child: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate?: string;
}

function constraint(key: ForeignKey): string {
  const list = (columns: readonly string[]): string => columns.map((column) => `\`${column}\``).join(', ');
  const target = `\`${key.target}\` (${list(key.targetColumns)})`;
  // The contract does not tell RESTRICT that is written out from RESTRICT that is meant by silence.
  const acts = (on: string, action = 'RESTRICT'): string => (action === 'RESTRICT' ? '' : ` ON ${on} ${action}`);
  const actions = acts('DELETE', key.onDelete) + acts('UPDATE', key.onUpdate);
  return `\`${key.child}\`, CONSTRAINT \`${key.name}\` FOREIGN KEY (${list(key.columns)}) REFERENCES ${target}${actions}`;
}

export function stillReferenced(key: ForeignKey): SqlError {
  const message = `Cannot delete or update a parent row: a foreign key constraint fails (${constraint(key)})`;
  return new SqlError('ER_ROW_IS_REFERENCED_2', 1451, '23000', message);
}

export function noReferencedRow(key: ForeignKey): SqlError {
  const message = `Cannot add or update a child row: a foreign key constraint fails (${constraint(key)})`;
  return new SqlError('ER_NO_REFERENCED_ROW_2', 1452, '23000', message);
}

/** A number that no integer of 64 bits holds; MySQL's own words quote the expression, which the store doesn't have. */
export function numberOutOfRange(kind: string): SqlError {
  return new SqlError('ER_DATA_OUT_OF_RANGE', 1690, '22003', `${kind} value is out of range`);
}

/** Somebody else changed what this transaction rests on; the application's retry of deadlocks is what mends it. */
export function conflict(): SqlError {
  const message = 'Deadlock found when trying to get lock; try restarting transaction';
  return new SqlError('ER_LOCK_DEADLOCK', 1213, '40001', message);
}

/** Limits that MySQL doesn't have; codes of our own, so that nobody takes them for something else. */
export function storeLimit(code: string, message: string): SqlError {
  return new SqlError(code, 0, 'HY000', message);
}

/** A statement that was not compiled; the coverage report says why, and what would help. */
export function notCompiled(message: string): SqlError {
  return storeLimit('STORE_NOT_COMPILED', message);
}
