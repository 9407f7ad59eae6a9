import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { CutoverError } from '../../core/errors/index.ts';
import type { ApplicationSettings, SourceSettings } from '../../core/plan.ts';
import { runCommandOrFail } from './commands.ts';
import { createAll, dropAll, quote, readDefinition, type DatabaseDefinition } from './scratch-tables.ts';
import { databaseUrl } from './server.ts';

/** In the copy, so that whoever comes later, on whatever machine, can put the database back. */
const DEFINITION_TABLE = 'cutover_definition';

const SYSTEM = ['mysql', 'information_schema', 'performance_schema', 'sys'];

/** Beside the migrated database, on the same server: tests may destroy it. */
export class ScratchDatabase {
  readonly name: string;
  /** URL for the application. */
  readonly url: string;
  readonly #source: SourceSettings;
  readonly #password: string | undefined;
  readonly #template: string;
  #definition: DatabaseDefinition | undefined;

  /** Refuses, before anything is touched, a name that is the migrated database's or the server's own. */
  constructor(source: SourceSettings, password: string | undefined, scratch: ApplicationSettings['scratch']) {
    const name = scratch.database;
    const refused = (detail: string): CutoverError =>
      new CutoverError('dal.scratch-refused', { where: `application.scratch.database "${name}"`, detail });
    // MySQL on Windows and macOS folds names of databases, so case never makes two of them.
    if (name.toLowerCase() === source.database.toLowerCase()) throw refused('It is the database that is migrated.');
    if (SYSTEM.includes(name.toLowerCase())) throw refused('It belongs to the server.');
    if (!/^[\w$-]{1,50}$/.test(name)) throw refused('Take up to 50 letters, digits, "_", "$" or "-".');
    this.name = name;
    this.#template = `${name}_template`;
    if (this.#template.toLowerCase() === source.database.toLowerCase())
      throw refused('Its copy would be the migrated database.');
    this.#source = source;
    this.#password = password;
    this.url = databaseUrl(source, password, name);
  }

  /** Makes it anew and fills it by the plan's command. */
  async prepare(
    application: ApplicationSettings,
    options: {
      readonly cwd: string;
      readonly environment?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal;
      readonly secrets?: readonly string[];
    },
  ): Promise<void> {
    await this.#work('made', async (connection) => {
      await connection.query(`DROP DATABASE IF EXISTS ${quote(this.name)}`);
      await connection.query(`CREATE DATABASE ${quote(this.name)}`);
    });
    await runCommandOrFail(application.scratch.prepare, {
      ...options,
      environment: {
        ...application.server.environment,
        ...options.environment,
        [application.server.databaseUrlVariable]: this.url,
      },
    });
    this.#definition = undefined;
  }

  /** Keeps a copy of its present state, for {@link restore}. */
  async snapshot(): Promise<void> {
    await this.#work('copied', async (connection) => {
      await connection.query(`DROP DATABASE IF EXISTS ${quote(this.#template)}`);
      await connection.query(`CREATE DATABASE ${quote(this.#template)}`);
      const definition = await readDefinition(connection, this.name);
      // Without triggers, views and routines: nothing runs in the copy.
      await createAll(connection, { ...definition, views: [], triggers: [], routines: [] }, this.name, this.#template);
      const kept = `${quote(this.#template)}.${quote(DEFINITION_TABLE)}`;
      await connection.query(`CREATE TABLE ${kept} (definition LONGTEXT NOT NULL) CHARACTER SET utf8mb4`);
      await connection.query(`INSERT INTO ${kept} VALUES (?)`, [JSON.stringify(definition)]);
      this.#definition = definition;
    });
  }

  /** Makes it as it was at {@link snapshot}, which may have been taken by another process. */
  async restore(): Promise<void> {
    await this.#work('put back', async (connection) => {
      this.#definition ??= await this.#keptDefinition(connection);
      if (this.#definition === undefined) throw new Error('there is no snapshot to go back to');
      await connection.query(`CREATE DATABASE IF NOT EXISTS ${quote(this.name)}`);
      await dropAll(connection, this.name);
      await createAll(connection, this.#definition, this.#template, this.name);
    });
  }

  /** Whether {@link restore} has something to go back to. */
  async hasSnapshot(): Promise<boolean> {
    let found = false;
    await this.#work('looked at', async (connection) => {
      found = (await this.#keptDefinition(connection)) !== undefined;
    });
    return found;
  }

  /** Removes it and its copy; nothing to remove is not an error. */
  async drop(): Promise<void> {
    await this.#work('removed', async (connection) => {
      await connection.query(`DROP DATABASE IF EXISTS ${quote(this.name)}`);
      await connection.query(`DROP DATABASE IF EXISTS ${quote(this.#template)}`);
    });
    this.#definition = undefined;
  }

  async #keptDefinition(connection: Connection): Promise<DatabaseDefinition | undefined> {
    const [tables] = await connection.query<RowDataPacket[]>(
      'SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
      [this.#template, DEFINITION_TABLE],
    );
    if (tables.length === 0) return undefined;
    const [rows] = await connection.query<(RowDataPacket & { definition: string })[]>(
      `SELECT definition FROM ${quote(this.#template)}.${quote(DEFINITION_TABLE)}`,
    );
    return rows[0] === undefined ? undefined : (JSON.parse(rows[0].definition) as DatabaseDefinition);
  }

  async #work(what: string, work: (connection: Connection) => Promise<void>): Promise<void> {
    const { host, port, user, tls } = this.#source;
    try {
      const connection = await createConnection({
        host,
        port,
        user,
        ...(this.#password === undefined ? {} : { password: this.#password }),
        ...(tls === true ? { ssl: {} } : {}),
        charset: 'utf8mb4',
      });
      try {
        // Copied rows go in as they are: zero ids, zero dates, and in whatever order of their references.
        await connection.query(
          "SET SESSION foreign_key_checks = 0, unique_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
        );
        await work(connection);
      } finally {
        await connection.end();
      }
    } catch (error) {
      if (error instanceof CutoverError) throw error;
      const detail = `It could not be ${what}: ${error instanceof Error ? error.message : String(error)}`;
      throw new CutoverError('dal.scratch-failed', { where: `database ${this.name}`, detail, cause: error });
    }
  }
}
