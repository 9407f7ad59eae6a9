import mysql, { type Pool, type PoolOptions } from 'mysql2/promise';

/** The driver's types, from here: applications keep the driver itself to one folder, into which this file is copied. */
export type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

/** What of the application's own settings says how to reach its database. */
const REACH = ['host', 'port', 'socketPath', 'user', 'password', 'database', 'ssl', 'connectTimeout'] as const;

/**
 * A small pool of the relay's own on the application's database, under which no value loses anything on its way:
 * the application's driver options decide how it sees its data, and must not decide what is carried over.
 */
export function openSourcePool(application: Pool): Pool {
  const own = connectionConfig(application);
  const options: PoolOptions = {
    ...Object.fromEntries(REACH.filter((name) => own[name] !== undefined).map((name) => [name, own[name]])),
    connectionLimit: 4,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    enableKeepAlive: true,
  };
  const pool = mysql.createPool(options);
  pool.on('connection', (connection) => {
    // Statements of a connection run in order, so these come before whatever it was opened for.
    void connection.query("SET time_zone = '+00:00', lock_wait_timeout = 10, innodb_lock_wait_timeout = 10");
    void connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  });
  return pool;
}

/** The driver keeps the parsed settings there; it has no other way to ask for them. */
function connectionConfig(application: Pool): Readonly<Record<string, unknown>> {
  const core: unknown = application.pool;
  const config = member(member(core, 'config'), 'connectionConfig');
  if (typeof config !== 'object' || config === null) {
    throw new TypeError('The MySQL driver does not tell the settings of its pool; mysql2 3 or later does.');
  }
  return Object.fromEntries(Object.entries(config));
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
