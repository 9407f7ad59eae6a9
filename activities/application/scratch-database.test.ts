import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection, type Connection } from 'mysql2/promise';
import { testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import type { ApplicationSettings, SourceSettings } from '../../core/plan.ts';
import { ScratchDatabase } from './scratch-database.ts';

const FILL = `
  CREATE TABLE child (id INT PRIMARY KEY AUTO_INCREMENT, parent_id INT NOT NULL, twice INT AS (parent_id * 2) VIRTUAL,
    FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE) AUTO_INCREMENT = 500;
  CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40));
  CREATE TABLE log (entry VARCHAR(40));
  CREATE TRIGGER parent_made AFTER INSERT ON parent FOR EACH ROW INSERT INTO log VALUES (NEW.name);
  CREATE VIEW names AS SELECT name FROM parent;
  CREATE PROCEDURE tell() SELECT 1;
  INSERT INTO parent (id, name) VALUES (0, 'zero'), (7, 'seven 🙂');
  INSERT INTO child (parent_id) VALUES (7);
`;

const FILL_PROGRAM = `
  const mysql = require('mysql2/promise');
  (async () => {
    const c = await mysql.createConnection({ uri: process.env.DB, multipleStatements: true });
    await c.query("SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
    await c.query(process.env.FILL);
    await c.end();
  })();`;

let connection: Connection;
let source: SourceSettings;
let name: string;

beforeAll(async () => {
  const { host, port, user, password } = testEndpoints().mysql;
  name = uniqueName('scratch');
  source = { host, port, user, database: uniqueName('migrated') };
  connection = await createConnection({ host, port, user, password });
});

afterAll(async () => connection.end());

async function rows(sql: string): Promise<unknown> {
  return (await connection.query(sql))[0];
}

describe('the scratch database', () => {
  it('is refused where it is the migrated one, or the server’s', () => {
    const make = (database: string): ScratchDatabase =>
      new ScratchDatabase(source, undefined, { database, prepare: '' });
    expect(() => make(source.database.toUpperCase())).toThrow('dal.scratch-refused');
    expect(() => make('mysql')).toThrow('dal.scratch-refused');
    expect(() => make('a`b')).toThrow('dal.scratch-refused');
    expect(
      () => new ScratchDatabase({ ...source, database: 'x_template' }, undefined, { database: 'x', prepare: '' }),
    ).toThrow('dal.scratch-refused');
  });

  it('goes back to its snapshot: rows, counters, references, generated columns, triggers, views, routines', async () => {
    const application = {
      server: { databaseUrlVariable: 'DB' },
      scratch: { database: name, prepare: 'node -e "eval(process.env.PROGRAM)"' },
    } as ApplicationSettings;
    const scratch = new ScratchDatabase(source, undefined, application.scratch);
    await scratch.prepare(application, { cwd: process.cwd(), environment: { PROGRAM: FILL_PROGRAM, FILL } });
    await scratch.snapshot();
    const state = async (): Promise<unknown> => [
      await rows(`SELECT * FROM ${name}.parent ORDER BY id`),
      await rows(`SELECT * FROM ${name}.child ORDER BY id`),
      await rows(`SELECT * FROM ${name}.log`),
      await rows(`SELECT * FROM ${name}.names ORDER BY name`),
    ];
    const before = await state();
    expect(JSON.stringify(before)).toContain('seven 🙂');
    await connection.query(`DELETE FROM ${name}.parent`);
    await connection.query(`INSERT INTO ${name}.parent (name) VALUES ('new')`);
    await connection.query(`DROP VIEW ${name}.names`);
    await connection.query(`ALTER TABLE ${name}.log ADD COLUMN more INT`);
    // By another instance, as another worker would.
    const later = new ScratchDatabase(source, undefined, application.scratch);
    expect(await later.hasSnapshot()).toBe(true);
    await later.restore();
    expect(await state()).toEqual(before);
    await connection.query(`INSERT INTO ${name}.child (parent_id) VALUES (7)`);
    expect(await rows(`SELECT MAX(id) AS id FROM ${name}.child`)).toEqual([{ id: 501 }]);
    await expect(connection.query(`INSERT INTO ${name}.child (parent_id) VALUES (99)`)).rejects.toMatchObject({
      code: 'ER_NO_REFERENCED_ROW_2',
    });
    await connection.query(`DELETE FROM ${name}.parent WHERE id = 7`);
    expect(await rows(`SELECT COUNT(*) AS n FROM ${name}.child`)).toEqual([{ n: 0 }]);
    await connection.query(`CALL ${name}.tell()`);
    await scratch.drop();
    await scratch.drop();
    expect(await later.hasSnapshot()).toBe(false);
    expect(await rows(`SHOW DATABASES LIKE '${name}%'`)).toEqual([]);
  });

  it('says which statement of the server stands in the way', async () => {
    const scratch = new ScratchDatabase({ ...source, port: 1 }, undefined, { database: name, prepare: 'true' });
    await expect(scratch.snapshot()).rejects.toThrow(/dal.scratch-failed[^]*ECONNREFUSED/);
  });
});
