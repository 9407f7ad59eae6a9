import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { Analysis } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';

const schema = JSON.parse(readFileSync(new URL('./analysis.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<Analysis>(schema);

/** `analysis.json` as text, checked against its published schema first. */
export function printAnalysis(analysis: Analysis): string {
  const text = `${JSON.stringify(analysis, null, 2)}\n`;
  // Checked as it will be read: JSON drops what is undefined.
  requireValid(JSON.parse(text), 'analysis.output-invalid');
  return text;
}

/** Reads `analysis.json`, refusing what its schema refuses. */
export function parseAnalysis(bytes: Uint8Array): Analysis {
  const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  return requireValid(value, 'core.artifact-invalid');
}

function requireValid(value: unknown, code: 'analysis.output-invalid' | 'core.artifact-invalid'): Analysis {
  if (validate(value)) return value;
  const detail = (validate.errors ?? [])
    .slice(0, 5)
    .map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`);
  throw new CutoverError(code, { where: 'stage-01/analysis.json', detail: `${detail.join('; ')}.` });
}
