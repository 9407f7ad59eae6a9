import type { LayerDesign } from '../design/design.ts';
import { pascal } from '../design/words.ts';
import type { Layout } from '../move/layout.ts';
import { importsFor } from './imports.ts';

/**
 * `F/mysql/index.ts`. The pool comes first: statements may import constants of a module of the application that imports the
 * layer in its turn, and in that circle the layer is opened before the rest is evaluated.
 */
export function printMysqlIndex(layout: Layout, design: LayerDesign): string {
  const file = `${layout.folder}/mysql/index.ts`;
  const own = design.aggregates.map(({ name }) => ({
    name: `mysql${pascal(name)}`,
    from: { file: `${layout.folder}/mysql/${name}.ts` },
  }));
  const unit = { name: 'MysqlUnitOfWork', from: { file: `${layout.folder}/mysql/unit-of-work.ts` } };
  const pool = { name: 'openPool', from: { file: `${layout.folder}/mysql/pool.ts` } };
  return `import type { Pool } from 'mysql2/promise';
${importsFor(layout, file, [{ name: 'Dal', from: { file: `${layout.folder}/types.ts` } }], 'type')}
${importsFor(layout, file, [pool, unit], 'value')}
${importsFor(layout, file, own, 'value')}

/** The data access layer on MySQL, with the pool that it works on. */
export interface MysqlDal extends Dal {
  readonly pool: Pool;
}

export function createMysqlDal(): MysqlDal {
  const pool = openPool();
  return {
    pool,
    ${design.aggregates.map(({ name }) => `${name}: mysql${pascal(name)}(pool),`).join('\n')}
    begin: async () => new MysqlUnitOfWork(await pool.getConnection()),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: () => pool.end(),
  };
}
`;
}

/** `F/mysql/unit-of-work.ts`. */
export function printUnitOfWork(layout: Layout): string {
  const file = `${layout.folder}/mysql/unit-of-work.ts`;
  return `import type { Connection, Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
${importsFor(layout, file, [{ name: 'UnitOfWork', from: { file: `${layout.folder}/types.ts` } }], 'type')}

/** Rows of a SELECT, as the driver's methods want their type. */
export type Rows<T> = (T & RowDataPacket)[];

/** A transaction on one connection of the pool. */
export class MysqlUnitOfWork implements UnitOfWork {
  readonly connection: PoolConnection;

  constructor(connection: PoolConnection) {
    this.connection = connection;
  }

  begin(): Promise<void> {
    return this.connection.beginTransaction();
  }

  commit(): Promise<void> {
    return this.connection.commit();
  }

  rollback(): Promise<void> {
    return this.connection.rollback();
  }

  release(): void {
    this.connection.release();
  }
}

/** What a statement runs on: the unit's connection, or any of the pool. */
export function on(pool: Pool, unit: UnitOfWork | undefined): Connection {
  if (unit === undefined) return pool;
  if (unit instanceof MysqlUnitOfWork) return unit.connection;
  throw new TypeError('this unit of work belongs to another store');
}
`;
}

/** `F/index.ts`. */
export function printFactory(layout: Layout): string {
  const file = `${layout.folder}/index.ts`;
  const mysql = { name: 'createMysqlDal', from: { file: `${layout.folder}/mysql/index.ts` } };
  return `${importsFor(layout, file, [mysql], 'value')}
${importsFor(layout, file, [{ name: 'Dal', from: { file: `${layout.folder}/types.ts` } }], 'type')}

/** Opens the data access layer on the store that DAL_STORE names; MySQL when it names none. */
export function createDal(): Dal {
  const store = process.env['DAL_STORE'] ?? 'mysql';
  switch (store) {
    case 'mysql':
      return createMysqlDal();
    default:
      throw new Error(\`DAL_STORE is "\${store}", which is not a store of this application\`);
  }
}
`;
}
