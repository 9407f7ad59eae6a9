import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ApplicationAnalysis } from '../../../core/data-access.ts';
import { analyseApplication } from './index.ts';

const root = join(import.meta.dirname, '../../../examples/shop');

/** A count that owes nothing to the compiler: text that looks like a driver call, comments left out. */
function countByText(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, ''))
    .map((text) => text.match(/\b(pool|connection|database)\s*\.(execute|query)\s*(<[^(]*>)?\(/g)?.length ?? 0)
    .reduce((sum, count) => sum + count, 0);
}

function countRoutesByText(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .map((text) => text.match(/^\s*\w*(router|Routes)\.(get|post|put|patch|delete)\(/gim)?.length ?? 0)
    .reduce((sum, count) => sum + count, 0);
}

(existsSync(root) ? describe : describe.skip)('the example application', () => {
  let analysis: ApplicationAnalysis;
  beforeAll(async () => {
    analysis = await analyseApplication({ root, sources: ['src'] });
  }, 120_000);

  test('has a call site or an unresolved access for each call counted by hand', () => {
    expect(analysis.callSites.length + analysis.unresolved.length).toBe(countByText(join(root, 'src')));
    expect(analysis.unresolved).toEqual([]);
  });

  test('has a route for each registration counted by hand, and each reaches a statement', () => {
    expect(analysis.routes.length).toBe(countRoutesByText(join(root, 'src')));
    expect(analysis.routes.filter((each) => each.callSites.length === 0)).toEqual([]);
    expect(analysis.framework).toBe('express');
  });

  test('carries mount points and middleware of the routers into the routes', () => {
    const guarded = analysis.routes.filter((each) => each.path.startsWith('/admin/'));
    expect(guarded.length).toBeGreaterThan(5);
    expect(guarded.every((each) => each.guards.includes('adminGuard'))).toBe(true);
    expect(analysis.routes.filter((each) => each.guards.includes('adminGuard'))).toEqual(guarded);
  });

  test('keeps transactions together, statements of called functions included', () => {
    const checkout = analysis.transactions.find((each) => each.file.endsWith('checkout.ts'));
    const files = checkout?.callSites.map((id) => analysis.callSites.find((each) => each.id === id)?.span.file);
    expect(new Set(files)).toEqual(new Set(['src/services/checkout.ts', 'src/services/notifications.ts']));
    for (const unit of analysis.transactions) expect(unit.callSites.length).toBeGreaterThan(1);
  });

  test('knows how the driver gives values back', () => {
    expect(analysis.driver).toEqual({ decimals: 'string', dates: 'string', bigNumbers: 'string', timeZone: 'Z' });
  });

  test('mentions in its templates only inputs, each a name of its own', () => {
    for (const { inputs, id } of analysis.callSites) {
      expect([id, new Set(inputs.map((each) => each.name)).size]).toEqual([id, inputs.length]);
      for (const { name } of inputs) expect(name).toMatch(/^[a-z_]\w*$/i);
    }
  });

  test('is the same when it is done again', async () => {
    expect(await analyseApplication({ root, sources: ['src'] })).toEqual(analysis);
  }, 120_000);
});
