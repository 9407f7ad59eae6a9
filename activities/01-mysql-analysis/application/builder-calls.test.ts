import { expect, test } from '@jest/globals';
import { analyseProject } from './analyse.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';

function calls(files: Readonly<Record<string, string>>) {
  const { builderCalls = [], callSites, unresolved } = analyseProject(fixture(files), FIXTURE_ROOT);
  expect([callSites, unresolved]).toEqual([[], []]);
  return builderCalls.map((each) => [each.library, each.kind, each.target, each.operations.join('.')]);
}

test('knex: chains, transactions, raw text', () => {
  const found = calls({
    'a.js': `const knex = require('knex')({ client: 'mysql2' });
      exports.one = (id) => knex('users as u').where({ id }).first();
      exports.all = () => knex.select('*').from('orders').then((rows) => rows);
      exports.add = (row) => knex.transaction(async (trx) => { await trx('users').insert(row); await trx.raw('UPDATE counters SET n = n + 1'); });
      exports.close = () => knex.destroy();`,
  });
  expect(found).toEqual([
    ['knex', 'read', 'users', 'where.first'],
    ['knex', 'read', 'orders', 'select.from'],
    ['knex', 'write', 'users', 'insert'],
    ['knex', 'write', undefined, 'raw'],
  ]);
});

test('Sequelize: defined models, model classes, queries', () => {
  const found = calls({
    'a.js': `const { Sequelize, Model } = require('sequelize');
      const sequelize = new Sequelize('mysql://x');
      const User = sequelize.define('User', {});
      class Order extends Model {}
      Order.init({}, { sequelize });
      exports.run = async () => {
        await User.findAll({ where: { a: 1 } });
        await Order.bulkCreate([]);
        await sequelize.query('SELECT a FROM t');
      };`,
  });
  expect(found).toEqual([
    ['sequelize', 'read', 'User', 'findAll'],
    ['sequelize', 'write', 'Order', 'bulkCreate'],
    ['sequelize', 'read', undefined, 'query'],
  ]);
});

test('TypeORM: injected repositories, managers, query builders', () => {
  const found = calls({
    'a.ts': `import { DataSource, Entity, Repository } from 'typeorm';
      import { InjectRepository } from '@nestjs/typeorm';
      @Entity('users') class User { id!: number }
      const source = new DataSource({ type: 'mysql' });
      export class Service {
        constructor(@InjectRepository(User) private readonly users: Repository<User>) {}
        one(id: number) { return this.users.findOneBy({ id }); }
        add(user: User) { return this.users.save(user); }
        some() { return source.getRepository(User).createQueryBuilder('u').where('u.id = 1').getMany(); }
      }`,
  });
  expect(found).toEqual([
    ['typeorm', 'read', 'users', 'findOneBy'],
    ['typeorm', 'write', 'users', 'save'],
    ['typeorm', 'read', 'users', 'createQueryBuilder.where.getMany'],
  ]);
});

test('Prisma: clients, services that extend them, transactions', () => {
  const found = calls({
    'a.ts': `import { PrismaClient } from '@prisma/client';
      class PrismaService extends PrismaClient {}
      export class Users {
        constructor(private readonly prisma: PrismaService) {}
        one(id: number) { return this.prisma.user.findUnique({ where: { id } }); }
        move() { return this.prisma.$transaction(async (tx) => { await tx.account.update({ where: { id: 1 } }); }); }
      }`,
  });
  expect(found).toEqual([
    ['prisma', 'read', 'user', 'findUnique'],
    ['prisma', 'write', 'account', 'update'],
  ]);
});

test('Drizzle: tables by their names in the database', () => {
  const found = calls({
    'a.ts': `import { drizzle } from 'drizzle-orm/mysql2';
      import { mysqlTable } from 'drizzle-orm/mysql-core';
      const users = mysqlTable('app_users', {});
      const db = drizzle('mysql://x');
      export const all = () => db.select().from(users).where(1 as never);
      export const add = (row: object) => db.insert(users).values(row);
      export const many = () => db.query.users.findMany();`,
  });
  expect(found).toEqual([
    ['drizzle', 'read', 'app_users', 'select.from.where'],
    ['drizzle', 'write', 'app_users', 'insert.values'],
    ['drizzle', 'read', 'users', 'findMany'],
  ]);
});

test('a route says which calls of a builder it reaches', () => {
  const { routes } = analyseProject(
    fixture({
      'a.js': `const knex = require('knex')({}); const app = require('express')();
        app.get('/users', async (q, s) => s.json(await load())); const load = () => knex('users').select();`,
    }),
    FIXTURE_ROOT,
  );
  expect(routes.map((each) => each.builderCalls)).toEqual([['QB-001']]);
});
