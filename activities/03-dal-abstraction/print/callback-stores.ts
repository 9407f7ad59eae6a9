import type { LayerDesign } from '../design/design.ts';
import { pascal } from '../design/words.ts';
import type { Layout } from '../move/layout.ts';
import { importsFor } from './imports.ts';

/** `F/mysql/unit-of-work.ts` on a driver that answers by callback. */
export function printCallbackUnitOfWork(layout: Layout, driver: string): string {
  const file = `${layout.folder}/mysql/unit-of-work.ts`;
  return `import type { Pool, PoolConnection } from '${driver}';
${importsFor(layout, file, [{ name: 'UnitOfWork', from: { file: `${layout.folder}/types.ts` } }], 'type')}

/** A transaction on one connection of the pool. */
export class MysqlUnitOfWork implements UnitOfWork {
  readonly connection: PoolConnection;

  constructor(connection: PoolConnection) {
    this.connection = connection;
  }

  begin(): Promise<void> {
    return answerOf((done) => this.connection.beginTransaction(done));
  }

  commit(): Promise<void> {
    return answerOf((done) => this.connection.commit(done));
  }

  rollback(): Promise<void> {
    return answerOf((done) => this.connection.rollback(done));
  }

  release(): void {
    this.connection.release();
  }
}

/** What the driver gives to a callback, as a promise. */
export function answerOf<T>(ask: (done: (error: unknown, answer?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (error ? reject(error) : resolve(answer as T)));
  });
}

/** Sends a statement on the unit's connection, or on any of the pool. */
export function query<T>(pool: Pool, unit: UnitOfWork | undefined, sql: string, values?: unknown): Promise<T> {
  return answerOf((done) => on(pool, unit).query(sql, values, done));
}

/** What a statement runs on: the unit's connection, or any of the pool. */
function on(pool: Pool, unit: UnitOfWork | undefined): Pool | PoolConnection {
  if (unit === undefined) return pool;
  if (unit instanceof MysqlUnitOfWork) return unit.connection;
  throw new TypeError('this unit of work belongs to another store');
}
`;
}

/** `F/mysql/index.ts` on a driver that answers by callback. */
export function printCallbackIndex(layout: Layout, design: LayerDesign, driver: string): string {
  const file = `${layout.folder}/mysql/index.ts`;
  const own = design.aggregates.map(({ name }) => ({
    name: `mysql${pascal(name)}`,
    from: { file: `${layout.folder}/mysql/${name}.ts` },
  }));
  const unit = ['MysqlUnitOfWork', 'answerOf', 'query'].map((name) => ({
    name,
    from: { file: `${layout.folder}/mysql/unit-of-work.ts` },
  }));
  const pool = { name: 'openPool', from: { file: `${layout.folder}/mysql/pool.ts` } };
  return `import type { Pool } from '${driver}';
${importsFor(layout, file, [{ name: 'Dal', from: { file: `${layout.folder}/types.ts` } }], 'type')}
${importsFor(layout, file, [...own, pool, ...unit], 'value')}

/** The data access layer on MySQL, with the pool that it works on. */
export interface MysqlDal extends Dal {
  readonly pool: Pool;
}

export function createMysqlDal(): MysqlDal {
  const pool = openPool();
  return {
    pool,
    ${design.aggregates.map(({ name }) => `${name}: mysql${pascal(name)}(pool),`).join('\n')}
    begin: async () => new MysqlUnitOfWork(await answerOf((done) => pool.getConnection(done))),
    ping: async () => {
      await query(pool, undefined, 'SELECT 1');
    },
    close: () => answerOf((done) => pool.end(done)),
  };
}
`;
}
