import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parseAnalysis } from './format.ts';
import { schemaOfType } from './schema-of-types.ts';

test('the published schema is the one of the types: else run print-schema.ts', async () => {
  const published = await readFile(new URL('./analysis.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schemaOfType('analysis.ts', 'Analysis'))));
});

test('what does not match the schema is refused with its place', () => {
  expect(() => parseAnalysis(Buffer.from('{"schemaVersion": 2}'))).toThrow(
    /core\.artifact-invalid.*must have required property/,
  );
});
