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

  test('Fastify: wrapped and imported plugins, hooks, options, described routes', () => {
    const { found, framework } = routes({
      'app.js': `import Fastify from 'fastify';
        import fp from 'fastify-plugin';
        import { pool } from './db.js';
        import things from './things.js';
        const app = Fastify();
        const auth = fp(async (instance) => { instance.addHook('onRequest', checkToken); });
        async function checkToken(request) { await pool.query('SELECT 1 FROM tokens'); }
        function own() {}
        app.register(auth);
        app.register(things, { prefix: '/v1' });
        app.register(import('./late.js'), { prefix: '/late' });
        app.get('/open', { preHandler: [own] }, async () => 1);`,
      'things.js': `import { pool } from './db.js';
        export default async function things(app, options) {
          app.route({ method: ['GET', 'HEAD'], url: '/things/:id', preHandler: check, handler: one });
          app.post('/things', { schema: {}, handler: async () => { await pool.query('INSERT INTO t VALUES (1)'); } });
        }
        function check() {}
        async function one(request) { const [rows] = await pool.query('SELECT * FROM t WHERE id = ?', [request.params.id]); return rows[0]; }`,
      'late.js': `export default async (app) => { app.delete('/x', async () => 1); };`,
    });
    expect(framework).toBe('fastify');
    expect(found).toEqual([
      ['GET', '/open', 'checkToken,own', 1],
      ['DELETE', '/late/x', 'checkToken', 1],
      ['GET', '/v1/things/:id', 'checkToken,check', 2],
      ['HEAD', '/v1/things/:id', 'checkToken,check', 2],
      ['POST', '/v1/things', 'checkToken', 2],
    ]);
  });

  test('Koa: prefixes, nested routers, names, middleware in front', () => {
    const { found, framework } = routes({
      'app.js': `const Koa = require('koa');
        const Router = require('@koa/router');
        const { pool } = require('./db');
        const app = new Koa();
        const api = new Router({ prefix: '/api' });
        const things = new Router();
        things.prefix('/things');
        things.use(signedIn);
        things.get('thing', '/:id', async (ctx) => { await pool.query('SELECT 1'); });
        things.del('/:id', guard, remove);
        api.use(things.routes());
        app.use(log);
        app.use(api.routes()).use(api.allowedMethods());
        function signedIn() {} function guard() {} function log() {}
        async function remove(ctx) { await pool.query('DELETE FROM t WHERE id = ?', [ctx.params.id]); }`,
    });
    expect([framework, found]).toEqual([
      'koa',
      [
        ['GET', '/api/things/:id', 'log,signedIn', 1],
        ['DELETE', '/api/things/:id', 'log,signedIn,guard', 1],
      ],
    ]);
  });

  test('Hono: base paths, middleware for all below, several methods', () => {
    const { found } = routes({
      'app.ts': `import { Hono } from 'hono';
        import { pool } from './db.js';
        const app = new Hono().basePath('/api');
        app.use('/admin/*', admins);
        app.get('/admin/x', async (c) => c.json(await pool.query('SELECT 1')))
          .on(['PUT', 'PATCH'], '/things/:id', (c) => c.text(''));
        async function admins() {}
        export default app;`,
    });
    expect(found).toEqual([
      ['GET', '/api/admin/x', 'admins', 1],
      ['PUT', '/api/things/:id', '', 0],
      ['PATCH', '/api/things/:id', '', 0],
    ]);
  });

  test('Hapi: lists of routes, plugins with prefixes, what runs before', () => {
    const { found, framework } = routes({
      'app.js': `const Hapi = require('@hapi/hapi');
        const { pool } = require('./db');
        const things = require('./things');
        const start = async () => {
          const server = Hapi.server({ port: 1 });
          server.ext('onPreAuth', stamp);
          await server.register({ plugin: things, routes: { prefix: '/v2' } });
          server.route([
            { method: 'GET', path: '/health', handler: () => 'ok' },
            { method: '*', path: '/a/{id}', options: { auth: 'jwt', pre: [{ method: load }], handler: async () => pool.query('SELECT 1') } },
          ]);
        };
        function stamp() {} function load() {}
        start();`,
      'things.js': `const { pool } = require('./db');
        module.exports = { name: 'things', register: async function (server) { server.route(routes); } };
        const routes = { method: ['POST'], path: '/things', handler: add };
        async function add(request) { await pool.query('INSERT INTO t (a) VALUES (?)', [request.payload.a]); }`,
    });
    expect(framework).toBe('hapi');
    expect(found.map(([method, path, , count]) => [method, path, count])).toEqual([
      ['GET', '/health', 0],
      ['ALL', '/a/{id}', 1],
      ['POST', '/v2/things', 1],
    ]);
    expect(found[1]?.[2]).toMatch(/^stamp,.*jwt$/);
  });

  test('NestJS: decorators, injected providers, guards, prefix, middleware of modules', () => {
    const { found, framework } = routes({
      'main.ts': `import { NestFactory } from '@nestjs/core';
        import { AppModule } from './module.js';
        const app = await NestFactory.create(AppModule);
        app.setGlobalPrefix('api');
        app.useGlobalGuards(new TokenGuard());
        import { pool } from './db.js';
        class TokenGuard { async canActivate() { await pool.query('SELECT 1 FROM tokens'); return true; } }`,
      'module.ts': `import { Module, MiddlewareConsumer } from '@nestjs/common';
        import { UsersController } from './controller.js';
        import { UsersService, UserStore } from './service.js';
        import { Logger } from './logger.js';
        @Module({ controllers: [UsersController], providers: [UsersService, UserStore] })
        export class AppModule { configure(consumer: MiddlewareConsumer) { consumer.apply(Logger).forRoutes(UsersController); } }`,
      'logger.ts': `export class Logger { use(request: unknown, response: unknown, next: () => void) { next(); } }`,
      'controller.ts': `import { applyDecorators, Controller, Get, Patch, Post, UseGuards } from '@nestjs/common';
        import { UsersService } from './service.js';
        const Admins = () => applyDecorators(UseGuards(AdminGuard));
        class AdminGuard { canActivate() { return true; } }
        class RoleGuard { canActivate() { return true; } }
        @Controller('users') @UseGuards(RoleGuard)
        export class UsersController {
          constructor(private readonly users: UsersService) {}
          @Get() list() { return this.users.list(); }
          @Get(':id') @Admins() one() { return this.users.one(1); }
          @Post([ 'a', 'b' ]) add() { return 1; }
          helper() { return 2; }
        }`,
      'service.ts': `import { Injectable } from '@nestjs/common';
        import { pool } from './db.js';
        export abstract class Store { abstract find(id: number): Promise<unknown>; }
        @Injectable() export class UserStore extends Store { async find(id: number) { return pool.query('SELECT * FROM users WHERE id = ?', [id]); } }
        @Injectable() export class UsersService {
          constructor(private readonly store: Store) {}
          async list() { const [rows] = await pool.query('SELECT * FROM users'); return rows; }
          async one(id: number) { return this.store.find(id); }
        }`,
    });
    expect(framework).toBe('nestjs');
    expect(found).toEqual([
      ['GET', '/api/users', 'Logger,TokenGuard,RoleGuard', 2],
      ['GET', '/api/users/:id', 'Logger,TokenGuard,RoleGuard,AdminGuard', 2],
      ['POST', '/api/users/a', 'Logger,TokenGuard,RoleGuard', 1],
      ['POST', '/api/users/b', 'Logger,TokenGuard,RoleGuard', 1],
    ]);
  });

  test('what can not be told of a route is said', () => {
    const { unresolved } = analyseProject(
      fixture({
        'db.ts': db,
        'app.js': `const app = require('express')();
          app.get(process.env.PLACE, (q, s) => s.end());
          app.get('/x', global.handlers.x);
          app.get('/y', require('cors')());`,
      }),
      FIXTURE_ROOT,
    );
    expect(unresolved.map((each) => [each.line, each.reason])).toEqual([
      [2, 'the path of the route is not a constant'],
      [3, 'what answers the route can not be told'],
    ]);
  });
});
