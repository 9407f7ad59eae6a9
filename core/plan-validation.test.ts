import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CutoverError } from './errors/index.ts';
import { validatePlan } from './plan-validation.ts';

const good = JSON.parse(readFileSync(new URL('../examples/shop/migration.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, unknown>
>;

function refusalOf(plan: unknown): CutoverError {
  try {
    validatePlan(plan);
  } catch (error) {
    if (error instanceof CutoverError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const server = good['application']?.['server'] as object;

describe('validatePlan', () => {
  it('accepts the example', () => {
    expect(validatePlan(good)).toEqual(good);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'no input at all'],
    ['a text', 'shop', '/ must be object'],
    ['a missing part', { ...good, target: undefined }, "required property 'target'"],
    ['an unknown field', { ...good, sorce: 1 }, '/ must not have the property sorce'],
    ['a name that is no folder', { ...good, name: '../shop' }, '/name must match pattern'],
    [
      'rates measured in two ways',
      {
        ...good,
        source: {
          ...good['source'],
          queryLog: { path: 'query.log', format: 'slow' },
          statementDigests: { seconds: 60 },
        },
      },
      'Rates are measured in one way',
    ],
    [
      'a watch without end',
      { ...good, source: { ...good['source'], statementDigests: { seconds: 100_000 } } },
      '/source/statementDigests/seconds must be <= 3600',
    ],
    ['a port that is none', { ...good, source: { ...good['source'], port: 0 } }, '/source/port must be >= 1'],
    ['a stage that is none', { ...good, startAt: '8' }, '/startAt must be one of 01-mysql-analysis'],
    [
      'a password',
      { ...good, source: { ...good['source'], password: 'hunter2!' } },
      '/source/password must be a reference',
    ],
    [
      'a secret in the environment',
      {
        ...good,
        application: { ...good['application'], server: { ...server, environment: { SESSION_SECRET: 'hunter2!' } } },
      },
      '/application/server/environment/SESSION_SECRET must be a reference',
    ],
    [
      'a URL with a password',
      { ...good, artifactStore: 'https://ada:hunter2!@example.test/x' },
      'A URL with a password in it is refused',
    ],
  ])('refuses %s, names the place, repeats no value', (_name, plan, message) => {
    const error = refusalOf(plan);
    expect(error.code).toBe('core.plan-invalid');
    expect(error.detail).toContain(message);
    expect(error.message).not.toContain('hunter2');
  });
});
