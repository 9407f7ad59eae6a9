import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { CutoverError } from './errors/index.ts';
import type { MigrationPlan } from './plan.ts';

const schema = JSON.parse(readFileSync(new URL('./plan.schema.json', import.meta.url), 'utf8')) as object;
// One message at a time is what an operator can act on, but a form wants all of them.
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<MigrationPlan>(schema);

/** A URL that carries a password; such a plan would put it into a history for ever. */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/**
 * Checks a plan against `core/plan.schema.json` and against what a schema can't say.
 * Error messages name places and rules, never the values found there: a value may be a password in the wrong place.
 */
export function validatePlan(input: unknown): MigrationPlan {
  if (input === null || input === undefined)
    throw invalid('/', 'There was no input at all; a migration plan as JSON is needed.');
  if (!validate(input)) {
    const errors = validate.errors ?? [];
    throw invalid(placeOf(errors[0]), describe(errors));
  }
  const place = findPassword(input, '');
  if (place !== undefined)
    throw invalid(place, 'A URL with a password in it is refused; give the password as a secret reference.');
  if (input.source.queryLog !== undefined && input.source.statementDigests !== undefined)
    throw invalid('/source', 'Rates are measured in one way: give queryLog or statementDigests, not both.');
  return input;
}

function invalid(where: string, detail: string): CutoverError {
  return new CutoverError('core.plan-invalid', { where: `plan${where === '/' ? '' : ` ${where}`}`, detail });
}

function placeOf(error: ErrorObject | undefined): string {
  return error?.instancePath === undefined || error.instancePath === '' ? '/' : error.instancePath;
}

function describe(errors: readonly ErrorObject[]): string {
  const lines = errors.map((error) => `${placeOf(error)} ${messageOf(error)}`);
  return `${[...new Set(lines)].slice(0, 10).join('; ')}.`;
}

function messageOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties')
    return `must not have the property ${String(params['additionalProperty'])}`;
  if (error.schemaPath.includes('secretReference'))
    return 'must be a reference to a secret: env:NAME, file:PATH or secretsmanager:ARN';
  if (error.keyword === 'enum') return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
  return error.message ?? 'is not valid';
}

function findPassword(value: unknown, place: string): string | undefined {
  if (typeof value === 'string') return URL_WITH_PASSWORD.test(value) ? place : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findPassword(inner, `${place}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
