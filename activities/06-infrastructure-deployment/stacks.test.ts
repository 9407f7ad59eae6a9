import { expect, test } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import { TEMPLATE_BYTES } from './change-set.ts';
import { stackParts, templateText } from './stacks.ts';
import { deploymentWaves } from './waves.ts';

const target = { prefix: 'a-long-prefix-for-tables-', migration: 'library', region: 'eu-west-1' };

test('many tables are spread over stacks that CloudFormation takes, each table once', () => {
  const [first] = sampleContract().tables;
  if (!first) throw new Error('the sample has tables');
  const tables = Array.from({ length: 120 }, (_, at) => ({ ...first, table: `table_${at}` }));
  const parts = stackParts({ ...sampleContract(), tables }, target);
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.flatMap(({ contract }) => contract.tables)).toEqual(tables);
  expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
  const sizes = parts.map(({ contract }, at) => templateText(contract, target, at + 1).length);
  expect(Math.max(...sizes)).toBeLessThan(TEMPLATE_BYTES);
});

test('waves never change two indexes of a table at once, and end with the contract', () => {
  const contract = sampleContract();
  const [index] = contract.tables[1]?.gsis ?? [];
  if (!index) throw new Error('the sample has an index');
  const old = ['x', 'y'].map((index_name) => ({ ...index, index_name }));
  const changed = { ...index, sk: null };
  const waves = deploymentWaves(contract, new Map([['books', [...old, changed]]]));
  const names = [[...old, changed], ...waves.map(({ tables }) => tables[1]?.gsis ?? [])].map((gsis) =>
    gsis.map(({ index_name, sk }) => `${index_name}${sk ? '' : ' without sort key'}`),
  );
  for (const [at, after] of names.entries()) {
    const before = names[at - 1] ?? after;
    const differences = [
      ...before.filter((name) => !after.includes(name)),
      ...after.filter((name) => !before.includes(name)),
    ];
    expect(differences.length).toBeLessThanOrEqual(1);
  }
  expect(waves.at(-1)).toEqual(contract);
  expect(deploymentWaves(contract, new Map())).toEqual([contract]);
});
