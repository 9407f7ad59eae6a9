import { expect, test } from '@jest/globals';
import { analyseProject } from './analyse.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';
import { expandTemplate } from '../../../sql/template-variants.ts';

const HELPERS = `const mysql = require('mysql');
const pool = mysql.createPool({});
exports.add = function (table, row, done) {
  pool.query('INSERT INTO ?? SET ?', [table, row], function (error, result) { done(error, result && result.insertId); });
};
exports.run = function (procedure, given, done) {
  const marks = given.map(function () { return '?'; });
  pool.query('CALL ' + procedure + '(' + marks.join(', ') + ')', given, done);
};
exports.pool = pool;
`;

function analyse(body: string) {
  const app = `const express = require('express'); const db = require('./db'); const app = express();\n${body}`;
  const { callSites, unresolved, routes } = analyseProject(fixture({ 'db.js': HELPERS, 'app.js': app }), FIXTURE_ROOT);
  const sent = callSites.map((site) => expandTemplate(site.template).map((each) => each.sql));
  // The helper that a test does not call is always listed.
  const about = unresolved.filter(
    (one) => !one.excerpt.includes(body.includes('db.run') ? 'INSERT INTO ??' : "'CALL '"),
  );
  return { callSites, unresolved: about, routes, sent };
}

test('names and objects that a caller gives a helper become its statement, with one input a key', () => {
  const found = analyse(`app.post('/things', (req, res) => {
    const row = { id: 7, full_name: req.body.name };
    row.born = req.body.born;
    db.add('things', row, () => res.end());
  });`);
  expect(found.unresolved).toEqual([]);
  expect(found.sent).toEqual([['INSERT INTO `things` SET `id` = ?, `full_name` = ?, `born` = ?']]);
  expect(found.callSites[0]).toMatchObject({ statement: 'insert', span: { file: 'app.js' } });
  expect(found.callSites[0]?.inputs.map((one) => [one.source, one.column])).toEqual([
    ['req.body.name', 'full_name'],
    ['req.body.born', 'born'],
  ]);
  expect(found.routes.map((one) => one.callSites)).toEqual([['CS-001']]);
});

test('a value whose text can not be told is an input all the same', () => {
  const found = analyse(`const fields = (body, names) => {
    const taken = {};
    names.forEach((name) => { taken[name] = body[name]; });
    return taken;
  };
  app.post('/things', (req, res) => {
    const body = fields(req.body, ['name']);
    db.add('things', { full_name: body.name }, () => res.end());
  });`);
  expect(found.unresolved).toEqual([]);
  expect(found.sent).toEqual([['INSERT INTO `things` SET `full_name` = ?']]);
  expect(found.callSites[0]?.inputs.map((one) => [one.source, one.column])).toEqual([['body.name', 'full_name']]);
});

test('a procedure that a caller names becomes a CALL with its values', () => {
  const found = analyse(`app.post('/closing', (req, res) => db.run('close_day', [req.body.day, 3], () => res.end()));`);
  expect(found.sent).toEqual([['CALL close_day(?, ?)']]);
  expect(found.callSites[0]?.statement).toBe('other');
});

test('the driver itself may be given the object, and quotes in names stay quoted', () => {
  const found = analyse("db.pool.query('UPDATE ?? SET ? WHERE id = ?', ['a`b.c', { name: 'x' }, 3], () => {});");
  expect(found.sent).toEqual([['UPDATE `a``b`.`c` SET `name` = ? WHERE id = ?']]);
});

test('a caller whose keys depend on something else is listed where it stands, the others are not', () => {
  const found = analyse(`db.add('things', { id: 1 }, () => {});
  app.post('/any', (req, res) => db.add('things', req.body, () => res.end()));
  app.post('/some', (req, res) => {
    const row = { id: 2 };
    if (req.body.name) row.name = req.body.name;
    db.add('things', row, () => res.end());
  });
  app.post('/named', (req, res) => {
    const row = { id: 2 };
    row[req.body.key] = 1;
    db.add('things', row, () => res.end());
  });`);
  expect(found.sent).toHaveLength(1);
  expect(found.unresolved.map((one) => [one.file, one.line, one.reason])).toEqual([
    ['app.js', 3, 'the columns of SET ? are the keys of an object that can not be told'],
    ['app.js', 7, 'an object is changed differently in the branches of an if'],
    ['app.js', 12, 'a key of the object that can not be told is changed'],
  ]);
});

test.each(['Object.assign(row, req.body);', 'Object.keys(req.body).forEach(function (key) { row[key] = 1; });'])(
  'an object that may be changed is not taken for known: %s',
  (change) => {
    const found = analyse(`app.post('/things', (req, res) => {
    const row = { id: 7 };
    ${change}
    db.add('things', row, () => res.end());
  });`);
    expect(found.callSites).toEqual([]);
    expect(found.unresolved).toHaveLength(1);
    expect(found.unresolved[0]?.excerpt).toContain('pool.query');
  },
);
