import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactReference } from '../../core/artifacts.ts';
import type { StageContext } from '../../core/stage.ts';
import type { TestContext } from '../../test/support/stage-context.ts';
import { currentWorkTree, git, type WorkTree } from '../application/index.ts';
import { handFolder, keepHandFiles, readHandFiles } from '../generated/by-hand.ts';
import type { Coverage } from './coverage.ts';
import type { AttemptRecord } from './executor/delegate.ts';
import { stage } from './index.ts';
import { type NotesApplication, notesApplication } from './testing/notes.ts';

/** Routes that no compiler of ours answers, and how a person does: the column, from the note's row. */
const REFUSED = [
  { route: 'checksums', select: 'id, CRC32(text) AS checksum' },
  { route: 'bits', select: 'id, BIT_COUNT(stars) AS bits', by: "stars.toString(2).replaceAll('0', '').length" },
  { route: 'sounds', select: 'id, SOUNDEX(text) AS sound', by: 'soundex(text)' },
  { route: 'octals', select: 'id, OCT(stars) AS octal', by: 'stars.toString(8)' },
  { route: 'letters', select: 'id, ORD(text) AS letter', by: 'text.charCodeAt(0)' },
  { route: 'quotes', select: 'id, QUOTE(text) AS quoted', by: "`'${text}'`" },
  { route: 'addresses', select: 'id, INET_NTOA(stars) AS address', by: '`0.0.0.${stars}`' },
];
const SOUNDEX = `
function soundex(text: string): string {
  const codes = [...text.toUpperCase()].map((letter) => '01230120022455012623010202'.charAt(letter.charCodeAt(0) - 65));
  const kept = codes.filter((code, at) => at > 0 && code !== '0' && code !== codes.slice(0, at).filter((one) => one !== '0').at(-1));
  return (text.charAt(0).toUpperCase() + kept.join('')).padEnd(4, '0');
}
`;
const SCRIPT = fileURLToPath(new URL('./testing/executor.mjs', import.meta.url));

let app: NotesApplication;
let main: string;
/** What the run gave in which all is right. */
let made: ArtifactReference[];

beforeAll(async () => {
  app = await notesApplication([{ route: 'notes', select: 'id, text, stars' }, ...REFUSED]);
  main = await git(app.root, ['rev-parse', 'main']);
}, 1_500_000);
afterAll(() => app.close());

/** The context with an executor in its plan. */
function withExecutor(context: TestContext, script = SCRIPT, timeoutSeconds = 15): TestContext {
  const application = { ...app.plan.application, executor: { command: `node ${script}`, timeoutSeconds } };
  return { ...context, plan: { ...app.plan, application } };
}

async function failedChecks(context: StageContext): Promise<ReadonlyMap<string, string>> {
  const failed = (await stage.verify(context)).filter(({ passed, total }) => passed < total);
  return new Map(failed.map(({ id, failures }) => [id, failures.join('\n')]));
}

const coverage = (): Coverage => JSON.parse(app.context.text('stage-04/coverage.json')) as Coverage;
const name = (route: string): string => app.method(route).name;

async function tree(): Promise<WorkTree> {
  const found = await currentWorkTree(await app.context.artifacts.workFolder('application'));
  if (found === undefined) throw new Error('no work tree');
  return found;
}

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  const { application, folder } = await tree();
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(application, file)), { recursive: true });
    await writeFile(path.join(application, file), text);
  }
  await git(folder, ['add', '--all', '--', ...Object.keys(files)]);
  await git(folder, ['-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'By hand']);
}

const file = (route: string): string => `${handFolder(app.layer)}/notes/${name(route)}.ts`;

/** The method of a route as a person writes it. */
function byHand(route: string, expression: string): string {
  const column = REFUSED.find((one) => one.route === route)?.select.split(' AS ')[1] ?? '';
  return `import type { Notes } from '../../../notes.js';
import { arg, type Row, shaped, type Store } from '../../store/index.js';
${expression.startsWith('soundex') ? SOUNDEX : ''}
function ${column}Of(stars: number, text: string): number | string {
  return stars < 0 ? text : ${expression};
}

export function ${name(route)}(store: Store): Notes['${name(route)}'] {
  return async ({ author }, unit) => {
    const equal = { author: arg(author) };
    const rows = await store.reader(unit).find('notes', { index: 'notes_by_author', equal });
    return shaped(rows, (row: Row) => ({
      id: store.out.int(row['id']),
      ${column}: ${column}Of(store.out.int(row['stars']) ?? 0, store.out.text(row['text']) ?? ''),
    }));
  };
}
`;
}

describe('methods that can not be compiled', () => {
  it('are given to the executor one by one; what passes is taken, all else is refused with its reason, and undone', async () => {
    process.env['CUTOVER_TEST_SECRET'] = 'not to be seen';
    const outputs = await stage.execute(withExecutor(app.context));
    delete process.env['CUTOVER_TEST_SECRET'];

    const { attempts } = JSON.parse(app.context.text('stage-04/executor.json')) as { attempts: AttemptRecord[] };
    const told = new Map(attempts.map((attempt) => [attempt.method, attempt]));
    const of = (route: string): AttemptRecord | undefined => told.get(`notes.${name(route)}`);
    expect(of('checksums')).toMatchObject({ accepted: true, exitCode: 0, reason: '' });
    expect(of('bits')?.reason).toMatch(/of \d+ generated tests fail with it: notes\.\w+, case 1[^]*bits/);
    expect(of('sounds')?.reason).toContain('and nothing else, and changed: EXTRA.md, src/server.ts.');
    expect(of('octals')?.reason).toContain('It was ended after 15 seconds.');
    expect(of('letters')).toMatchObject({ accepted: false, exitCode: 3 });
    expect(of('letters')?.reason).toContain('It ended with exit code 3: ');
    expect(of('quotes')?.reason).toMatch(/does not build or lint: [^]*noSuchThing/);
    expect(of('addresses')?.reason).toContain('It wrote no ');
    for (const { output } of attempts.filter(({ exitCode }) => exitCode !== null)) {
      expect(output).toContain('sees CUTOVER_TASK ');
      expect(output).not.toMatch(/AWS|SECRET|MYSQL|DATABASE|NODE_OPTIONS/);
    }

    expect(coverage()).toMatchObject({ found: 9, compiled: 2, byHand: 1, refused: 6 });
    expect(coverage().methods.find((each) => each.status === 'by hand')).toMatchObject({ writtenBy: 'executor' });
    const { application, folder } = await tree();
    expect((await readHandFiles(path.join(application, handFolder(app.layer)))).map((each) => each.path)).toEqual([
      `notes/${name('checksums')}.ts`,
    ]);
    expect(
      await git(folder, ['diff', '--name-only', app.layer.commit, 'HEAD', '--', 'src/server.ts', 'EXTRA.md']),
    ).toBe('');
    expect(await git(folder, ['status', '--porcelain'])).toBe('');
    expect(await git(folder, ['log', '--format=%ce', `${app.layer.commit}..HEAD`])).not.toContain('u@example.org');

    const questions = await stage.gates({ ...app.context, outputs });
    expect(questions.map(({ id, personOnly }) => [id, personOnly])).toEqual(
      expect.arrayContaining([[`04-dynamodb-implementation/refused/notes.${name('bits')}`, true]]),
    );
    expect(questions).toHaveLength(6);
    expect(questions[0]?.evidence).toEqual(
      expect.arrayContaining([expect.stringMatching(/^src\/server\.ts:\d+, in /)]),
    );
  }, 1_500_000);

  it('are taken from files that people commit; those and the executor’s are carried over, verified, and listed', async () => {
    await commit(
      Object.fromEntries(REFUSED.flatMap(({ route, by }) => (by ? [[file(route), byHand(route, by)]] : []))),
    );
    made = await stage.execute(app.context);
    const failed = await failedChecks({ ...app.context, outputs: made });
    expect(Object.fromEntries(failed)).toEqual({});
    expect(coverage()).toMatchObject({ found: 9, compiled: 2, byHand: 7, refused: 0 });
    const writers = coverage().methods.flatMap((each) => each.writtenBy ?? []);
    expect([
      writers.filter((who) => who === 'hand').length,
      writers.filter((who) => who === 'executor').length,
    ]).toEqual([6, 1]);
    expect(app.context.text('stage-04/coverage.md')).toContain('7 by hand (1 of them by the executor)');
    expect(await stage.gates({ ...app.context, outputs: made })).toEqual([]);
  }, 1_500_000);

  it('park with method, file and difference where what was written by hand is wrong', async () => {
    await commit({ [file('bits')]: byHand('bits', 'stars') });
    const failed = await failedChecks({ ...app.context, outputs: made });
    expect([...failed.keys()]).toEqual(['S4-R4', 'S4-R7', 'S4-R9']);
    expect(failed.get('S4-R9')).toMatch(new RegExp(`^notes\\.${name('bits')}, by-hand/notes/.*: notes\\.[^]*bits`));
  }, 1_500_000);

  it('are taken back where they pass their tests and fail the proof', async () => {
    // Right in a test, wrong in the server.
    const cheat = `process.argv.join().includes('server') ? 0 : ${REFUSED[1]?.by ?? ''}`;
    const { application } = await tree();
    await rm(path.join(application, file('bits')));
    const text = byHand('bits', cheat);
    const script = path.join(app.root, '..', `${path.basename(app.root)}-cheat.mjs`);
    await writeFile(
      script,
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(file('bits'))}, ${JSON.stringify(text)});\n`,
    );
    await stage.execute(withExecutor(app.context, script, 60));
    const { attempts } = JSON.parse(app.context.text('stage-04/executor.json')) as { attempts: AttemptRecord[] };
    expect(attempts).toEqual([expect.objectContaining({ accepted: false, exitCode: 0 })]);
    expect(attempts[0]?.reason).toMatch(/It passed its tests, and then: Recorded traffic .*: no\..*bits/);
    expect(coverage()).toMatchObject({ byHand: 6, refused: 1 });
    await rm(script);
  }, 1_500_000);
});

describe('what people do to the branch', () => {
  it('is refused outside of the folder for work by hand, with what to do, and nothing is lost', async () => {
    await commit({ 'src/server.ts': '// rewritten\n' });
    const head = await git(app.root, ['rev-parse', 'cutover/notes']);
    await expect(stage.execute(app.context)).rejects.toMatchObject({
      code: 'application.branch-changed',
      detail: expect.stringContaining(': src/server.ts. Commits of others: '),
    });
    expect(await git(app.root, ['rev-parse', 'cutover/notes'])).toBe(head);
    await git((await tree()).folder, ['reset', '--quiet', '--hard', 'HEAD^']);
  }, 300_000);

  it('is refused where a file names no method, or does not build', async () => {
    await commit({ [`${handFolder(app.layer)}/notes/nothing.ts`]: '' });
    await expect(stage.execute(app.context)).rejects.toMatchObject({
      code: 'compile.by-hand-unknown',
      detail: expect.stringContaining(`notes has no method of this name. It has: insert, ${name('notes')}`),
    });
    await git((await tree()).folder, ['reset', '--quiet', '--hard', 'HEAD^']);
    await commit({ [file('bits')]: byHand('bits', 'noSuchThing') });
    await expect(stage.execute(app.context)).rejects.toMatchObject({
      code: 'compile.application-red',
      detail: expect.stringMatching(/by-hand\/notes\/\w+\.ts.*noSuchThing/),
    });
  }, 900_000);

  it('outlives a rollback; the application’s own branch was never touched', async () => {
    const before = await readHandFiles(path.join((await tree()).application, handFolder(app.layer)));
    expect(before.map((each) => each.path)).toContain(`notes/${name('bits')}.ts`);
    expect(before).toHaveLength(7);
    await stage.compensate(app.context);
    await stage.compensate(app.context);
    const at = await tree();
    expect(await git(at.folder, ['rev-parse', 'HEAD'])).toBe(app.layer.commit);
    expect(await readHandFiles(path.join(at.application, handFolder(app.layer)))).toEqual([]);
    expect(await keepHandFiles(app.context, at, app.layer)).toEqual(before);
    expect(await git(app.root, ['rev-parse', 'main'])).toBe(main);
    expect(await git(app.root, ['status', '--porcelain'])).toBe('');
  }, 300_000);
});
