import { Ajv, type ErrorObject } from 'ajv';
import schema from './contract.schema.json' with { type: 'json' };
import { problem, type Problem } from './problem.ts';

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  schema,
);

/** What the JSON Schema has against a value; empty when it has the shape of a contract. */
export function checkShape(value: unknown): Problem[] {
  if (validate(value)) return [];
  const problems = (validate.errors ?? []).filter(isCause).map((error) => problem(error.instancePath, describe(error)));
  return [...new Map(problems.map((entry) => [`${entry.at} ${entry.problem}`, entry])).values()];
}

/** `if` and `anyOf` only repeat what their branches say. */
function isCause(error: ErrorObject): boolean {
  return error.keyword !== 'if';
}

function describe(error: ErrorObject): string {
  const detail = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return `has the unknown field ${JSON.stringify(detail['additionalProperty'])}`;
    case 'required':
      return `lacks the field ${JSON.stringify(detail['missingProperty'])}`;
    case 'enum':
      return `must be one of ${JSON.stringify(detail['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(detail['allowedValue'])}`;
    default:
      return error.message ?? error.keyword;
  }
}
