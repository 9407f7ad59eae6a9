import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import { recordedTraffic, replayTraffic, runCommandOrFail, startServer } from '../../application/index.ts';
import { extensionOf, importLine, inLanguage, languageOfLayer } from '../../generated/language.ts';
import type { Call, Outcome } from './cases.ts';
import { layerModule } from './emit.ts';
import { onMysql, runTests, type TestBench } from './run.ts';
import { ENCODE, literal } from './values.ts';

const TRACE = 'CUTOVER_TRACE';

/** The calls that the application makes of its data access layer while the recorded traffic is replayed on MySQL. */
export async function captureCalls(bench: TestBench, layer: DataAccessLayer): Promise<Call[]> {
  const { context, session, application } = bench;
  const recording = await recordedTraffic(context);
  if (recording.exchanges.length === 0) return [];
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-trace-'));
  const trace = path.join(folder, 'calls.jsonl');
  const factory = path.join(application, layer.folder, `index${extensionOf(languageOfLayer(layer))}`);
  const text = await readFile(factory, 'utf8');
  const build = async (): Promise<void> => {
    if (session.settings.build === undefined) return;
    await runCommandOrFail(session.settings.build, { cwd: application, signal: context.signal });
  };
  const replay = async (): Promise<string> => {
    await session.scratch.restore();
    const server = await startServer(session.settings.server, {
      cwd: application,
      databaseUrl: session.scratch.url,
      environment: { DAL_STORE: 'mysql', [TRACE]: trace },
      signal: context.signal,
      secrets: session.secrets,
    });
    try {
      await replayTraffic(recording, server.url, { secrets: session.secrets, signal: context.signal });
    } finally {
      await server.stop();
    }
    return readFile(trace, 'utf8').catch(() => '');
  };
  let calls = '';
  let built = false;
  try {
    await writeFile(factory, traced(text, layer));
    calls = await replay();
    // An application that runs what it built needs the edit in there too.
    if (calls === '' && session.settings.build !== undefined) {
      built = true;
      await build();
      calls = await replay();
    }
  } finally {
    await writeFile(factory, text);
    await rm(folder, { recursive: true, force: true });
    if (built) await build();
  }
  return calls
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Call);
}

/** The factory with its result wrapped, for as long as calls are captured. */
function traced(text: string, layer: DataAccessLayer): string {
  const language = languageOfLayer(layer);
  const isModule = language.modules === 'esm';
  const declaration = isModule ? /export function createDal\(\)/ : /^function createDal\(\)/m;
  if (!declaration.test(text)) {
    throw new CutoverError('core.artifact-invalid', {
      where: `${layer.folder}/index${extensionOf(language)}`,
      detail: 'Expected the factory of stage 3, with a function createDal().',
    });
  }
  const without = layer.methods.filter(({ inputs }) => inputs.length === 0);
  return `// @ts-nocheck
${importLine(language, ['appendFileSync'], 'node:fs')}
${importLine(language, ['METHODS'], `./methods${layer.importSuffix}`)}
${text.replace(declaration, 'function untracedDal()')}
const WITHOUT_INPUT = new Set(${JSON.stringify(without.map(({ aggregate, name }) => `${aggregate}.${name}`))});
${ENCODE}
${isModule ? 'export ' : ''}function createDal() {
  const dal = { ...untracedDal() };
  for (const [aggregate, methods] of Object.entries(METHODS)) {
    const original = dal[aggregate];
    const wrapped = { ...original };
    for (const method of Object.keys(methods)) {
      wrapped[method] = (...given) => {
        const input = WITHOUT_INPUT.has(aggregate + '.' + method) ? undefined : given[0];
        const call = { aggregate, method, input: encode(input) };
        if (process.env['${TRACE}']) appendFileSync(process.env['${TRACE}'], JSON.stringify(call) + '\\n');
        return original[method](...given);
      };
    }
    dal[aggregate] = wrapped;
  }
  return dal;
}
`;
}

/** What each call gives on MySQL from the prepared state; writes are undone. */
export async function recordOutcomes(
  bench: TestBench,
  layer: DataAccessLayer,
  calls: readonly Call[],
): Promise<Outcome[]> {
  if (calls.length === 0) return [];
  const { framework, application } = bench;
  const file = `${framework.folder}/cutover-record${framework.fileEnd}`;
  const { settings } = framework;
  const settingsFile = settings === undefined ? undefined : path.join(application, framework.folder, settings.path);
  // The generated tests bring it; they are not there yet.
  const missing = settingsFile !== undefined && !existsSync(settingsFile);
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-record-'));
  const answers = path.join(folder, 'outcomes.json');
  await mkdir(path.join(application, framework.folder), { recursive: true });
  try {
    const source = { path: file, text: recorder(bench, layer, calls, answers) };
    const { text: script } = (await inLanguage(source, languageOfLayer(layer))) ?? source;
    await writeFile(path.join(application, file), script);
    if (missing) await writeFile(settingsFile, settings?.content ?? '');
    await bench.session.scratch.restore();
    const run = await runTests(bench, [file], onMysql(bench));
    const text = await readFile(answers, 'utf8').catch(() => '');
    if (text === '') {
      throw new CutoverError('compile.generated-tests-unrecorded', { where: application, detail: run.output });
    }
    return JSON.parse(text) as Outcome[];
  } finally {
    await rm(path.join(application, file), { force: true });
    if (missing) await rm(settingsFile, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

function recorder(bench: TestBench, layer: DataAccessLayer, calls: readonly Call[], answers: string): string {
  const reads = new Set(
    layer.methods.filter(({ kind }) => kind === 'read').map(({ aggregate, name }) => `${aggregate}.${name}`),
  );
  const line = ({ aggregate, method, input }: Call): string => {
    const kind = reads.has(`${aggregate}.${method}`) ? 'read' : 'write';
    const first = JSON.stringify(input) === '{"$":"undefined"}' ? '' : `${literal(input)}, `;
    return `  ['${kind}', (unit) => dal.${aggregate}.${method}(${first}unit)],`;
  };
  return `// @ts-nocheck
import { writeFileSync } from 'node:fs';
${bench.framework.imports.join('\n')}
import { createDal } from '${layerModule(layer, bench.framework, 'index')}';

const dal = createDal();
${bench.framework.afterAll}(() => dal.close());

function plain(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
${ENCODE}

const CALLS = [
${calls.map(line).join('\n')}
];

test('record', async () => {
  const outcomes = [];
  for (const [kind, call] of CALLS) {
    const unit = await dal.begin();
    await unit.begin();
    try {
      const given = await call(unit);
      outcomes.push(kind === 'read' ? { rows: encode(plain(given)) } : { affectedRows: given.affectedRows });
    } catch (error) {
      outcomes.push({ code: error.code ?? 'none' });
    } finally {
      await unit.rollback();
      unit.release();
    }
  }
  writeFileSync(${JSON.stringify(answers)}, JSON.stringify(outcomes));
}${bench.framework.name === 'node:test' ? '' : ', 300_000'});
`;
}
