import { describe, expect, test } from '@jest/globals';
import { analyseProject } from './analyse.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';

const db = `import { createPool } from 'mysql2/promise';\nexport const pool = createPool('mysql://x');\n`;

function routes(files: Readonly<Record<string, string>>) {
  const { routes: found, framework } = analyseProject(fixture({ 'db.ts': db, ...files }), FIXTURE_ROOT);
  return {
    framework,
    found: found.map((each) => [each.method, each.path, each.guards.join(','), each.callSites.length]),
  };
}

describe('Express', () => {
  test('mounts, factories, guards by order and path, chains of route()', () => {
    const { found, framework } = routes({
      'app.ts': `import express from 'express';
        import { makeRouter } from './things.js';
        import other from './other.js';
        const app = express();
        app.get('/open', (_q, s) => s.end());
        app.use(logger);
        app.use('/api', requireUser, makeRouter({ log: console.log }));
        app.use('/other', other);
        function logger() {}
        function requireUser() {}`,
      'things.ts': `import { Router } from 'express';
        import { pool } from './db.js';
        import { Things } from './service.js';
        export function makeRouter(deps: { log: (m: string) => void }) {
          const router = Router();
          const things = new Things();
          router.get('/', async (q, s) => { deps.log('x'); s.json(await things.all()); });
          router.route('/:id').get(async (q, s) => { await pool.query('SELECT 1'); }).delete(guard, (q, s) => things.remove(1));
          return router;
        }
        function guard() {}`,
      'service.ts': `import { pool } from './db.js';
        export class Things {
          async all() { return this.load(); }
          private async load() { const [rows] = await pool.query('SELECT * FROM things'); return rows; }
          remove = async (id: number) => { await pool.query('DELETE FROM things WHERE id = ?', [id]); };
        }`,
      'other.ts': `import { Router } from 'express';
        const router = Router();
        router.post('/x', handle);
        async function handle() {}
        export default router;`,
    });
    expect(framework).toBe('express');
    expect(found).toEqual([
      ['GET', '/open', '', 0],
      ['POST', '/other/x', 'logger', 0],
      ['GET', '/api', 'logger,requireUser', 1],
      ['GET', '/api/:id', 'logger,requireUser', 1],
      ['DELETE', '/api/:id', 'logger,requireUser,guard', 1],
    ]);
  });
});

describe('other frameworks', () => {
  test('Hono: nested applications', () => {
    const { found, framework } = routes({
      'app.ts': `import { Hono } from 'hono';
        import { pool } from './db.js';
        const things = new Hono();
        things.get('/:id', async (c) => { await pool.query('SELECT 1'); return c.json({}); });
        const app = new Hono();
        app.route('/things', things);
        export default app;`,
    });
    expect([framework, found]).toEqual(['hono', [['GET', '/things/:id', '', 1]]]);
  });

  test('Fastify: plugins with a prefix', () => {
    const { found, framework } = routes({
      'app.ts': `import Fastify from 'fastify';
        import { pool } from './db.js';
        const app = Fastify();
        app.register(plugin, { prefix: '/v1' });
        async function plugin(instance: any) {
          instance.get('/things', { schema: {} }, async () => { await pool.query('SELECT 1'); });
        }`,
    });
    expect([framework, found]).toEqual(['fastify', [['GET', '/v1/things', '', 1]]]);
  });

  test('NestJS: said to be not traced', () => {
    const project = fixture({
      'db.ts': db,
      'a.ts': `import { Controller } from '@nestjs/common';\n@Controller('x') export class A {}`,
    });
    const { unresolved, framework } = analyseProject(project, FIXTURE_ROOT);
    expect(framework).toBe('nestjs');
    expect(unresolved.map((each) => [each.file, each.line])).toEqual([['a.ts', 1]]);
  });
});
