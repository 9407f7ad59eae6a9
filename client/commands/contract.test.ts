import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import { analysisOf, column, read, table } from '../../contract/testing/analysis.ts';
import { staffingContract } from '../../contract/testing/staffing.ts';

const exec = promisify(execFile);
const BIN = fileURLToPath(new URL('../bin/cutover.js', import.meta.url));

/** Every call is a process of its own, and a loaded machine starts them slowly. */
jest.setTimeout(240_000);

let folder: string;
const file = (name: string) => path.join(folder, name);

/** Runs the command where nothing but files can be reached. */
async function cutover(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  try {
    return { code: 0, ...(await exec(process.execPath, [BIN, ...args], { env, cwd: folder, maxBuffer: 64e6 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

const KNOWN = {
  tables: [
    {
      table: 'Things',
      type: 'single-entity',
      source_table: 'things',
      pk: 'id',
      attributes: [
        { name: 'id', type: 'N', source_table: 'things', source_column: 'id' },
        { name: 'Title', type: 'S', source_table: 'things', source_column: 'TITLE' },
      ],
    },
  ],
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cutover-contract-'));
  const facts = table('things', [column('id', 'bigint', { autoIncrement: true }), column('title', 'varchar')], ['id']);
  const analysis = analysisOf('stock', [facts], [read('AP-001', 'Read things by id', 'things', ['id'])]);
  const sample = sampleContract();
  const keyless = { ...sample, tables: sample.tables.map((one, at) => (at === 0 ? { ...one, pk: { name: 'id', type: 'S' } } : one)) }; // prettier-ignore
  const moved = { ...sample, tables: sample.tables.map((one, at) => (at === 1 ? { ...one, entities: one.entities.map((entity) => ({ ...entity, row_filter: 'price > 0' })) } : one)) }; // prettier-ignore
  for (const [name, value] of Object.entries({
    sample,
    moved,
    keyless,
    staffing: staffingContract(),
    known: KNOWN,
    analysis,
  }))
    // prettier-ignore
    await writeFile(file(`${name}.json`), JSON.stringify(value));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('cutover contract, without Temporal', () => {
  test('check: valid and buildable, not buildable, not valid, the known form', async () => {
    expect(await cutover('contract', 'check', 'sample.json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('valid and buildable: 4 tables'),
    });
    const unbuildable = await cutover('--json', 'contract', 'check', 'staffing.json');
    expect(unbuildable.code).toBe(5);
    const report = JSON.parse(unbuildable.stdout) as { valid: boolean; problems: unknown[]; notBuildable: unknown[] };
    expect([report.valid, report.problems, report.notBuildable.length > 20]).toEqual([true, [], true]);
    const wrong = await cutover('contract', 'check', 'keyless.json');
    expect(wrong).toMatchObject({ code: 5, stdout: expect.stringContaining('/tables/0/entities/0/pk_template') });
    expect((await cutover('contract', 'check', 'known.json')).stdout).toContain('cutover contract import');
  });

  test('check against an analysis tells what is not covered', async () => {
    const { code, stdout } = await cutover('--json', 'contract', 'check', 'sample.json', '--analysis', 'analysis.json');
    expect(code).toBe(5);
    expect((JSON.parse(stdout) as { problems: { at: string }[] }).problems.map(({ at }) => at)).toContain(
      '/source_database',
    );
  });

  test('import, then check and export: what was read is valid and can be written again', async () => {
    const imported = await cutover('contract', 'import', 'known.json', '--analysis', 'analysis.json', '--output', 'ours.json'); // prettier-ignore
    expect(imported).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('/tables/0/attributes/1/source_column'),
    });
    expect((await cutover('contract', 'check', 'ours.json', '--analysis', 'analysis.json')).stdout).toContain(
      'covers the source',
    );
    const before = await readFile(file('ours.json'), 'utf8');
    const again = await cutover('contract', 'import', 'known.json', '--analysis', 'analysis.json', '--output', 'ours.json'); // prettier-ignore
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('client.file-exists') });
    expect(await readFile(file('ours.json'), 'utf8')).toBe(before);
    const exported = await cutover('--json', 'contract', 'export', 'ours.json');
    const { known, unsaid } = JSON.parse(exported.stdout) as { known: typeof KNOWN; unsaid: { at: string }[] };
    expect(known.tables[0]?.attributes).toContainEqual({ ...KNOWN.tables[0]?.attributes[1], source_column: 'title' });
    expect(unsaid.map(({ at }) => at)).toContain('/id_allocation');
  });

  test('import of what can not be repaired writes nothing', async () => {
    await writeFile(file('bad.json'), JSON.stringify(KNOWN).replace('"pk":"id"', '"pk":"number"'));
    const { code, stdout } = await cutover('contract', 'import', 'bad.json', '--analysis', 'analysis.json', '--output', 'none.json'); // prettier-ignore
    expect([code, existsSync(file('none.json'))]).toEqual([5, false]);
    expect(stdout).toContain("can't be repaired: /tables/0/pk");
  });

  test('diff: the same, and something dangerous', async () => {
    expect(await cutover('contract', 'diff', 'sample.json', 'sample.json')).toMatchObject({ code: 0, stdout: 'they say the same\n' }); // prettier-ignore
    const { code, stdout } = await cutover('--json', 'contract', 'diff', 'sample.json', 'moved.json');
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      dangerous: 1,
      differences: [
        { what: 'table books, entity books, row filter', kind: 'changed', was: 'nothing', is: 'price > 0' },
      ],
    });
  });

  test('explain: in words, or what there is to explain', async () => {
    const { stdout } = await cutover('contract', 'explain', 'AP-001', '--contract', 'sample.json');
    expect(stdout).toContain('It reads authors by a query of the index authors_by_email');
    const nothing = await cutover('contract', 'explain', 'AP-999', '--contract', 'sample.json');
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('there are: authors') });
  });

  test('files that are not there, no JSON, or something else', async () => {
    await writeFile(file('broken.json'), '{');
    for (const name of ['nothing.json', 'broken.json'])
      expect(await cutover('contract', 'check', name)).toMatchObject({ code: 2, stderr: expect.stringContaining('client.file-unreadable') }); // prettier-ignore
    const wrong = await cutover('contract', 'import', 'known.json', '--analysis', 'sample.json');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('It is no analysis of stage 1') });
    const invalid = await cutover('contract', 'export', 'keyless.json');
    expect(invalid).toMatchObject({ code: 5, stderr: expect.stringContaining('contract.invalid') });
  });
});
