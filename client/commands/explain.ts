import path from 'node:path';
import type { Command } from 'commander';
import type { BlobStore } from '../../activities/orchestration/blob-store.ts';
import { FolderBlobStore } from '../../activities/orchestration/folder-blob-store.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { explainPattern, patternText, type PatternSources } from '../explain-pattern.ts';
import { output } from '../output.ts';
import { readPlan } from '../plan-file.ts';
import { type GlobalOptions, session } from '../session.ts';
import { storeOf } from '../trail.ts';

interface ExplainOptions extends GlobalOptions {
  readonly plan?: string;
  readonly artifacts?: string;
}

/** `cutover explain AP-017 NAME`: what was made of a statement, and what it costs. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('an access pattern: its SQL, its plan over tables and indexes, cost, call sites, tests')
    .argument('<pattern>', 'such as AP-017')
    .argument('[name]', 'name of the migration')
    .option('--plan <file>', 'find the artifacts by the plan, without asking the run')
    .option('--artifacts <folder>', 'the folder that holds stage-01, stage-02 …')
    .action(async (pattern: string, name: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExplainOptions>();
      const explanation = explainPattern(await sourcesIn(await blobsOf(name, options)), pattern);
      output(options.json === true).result(explanation, patternText);
    });
}

async function blobsOf(name: string | undefined, options: ExplainOptions): Promise<BlobStore> {
  const { plan, artifacts } = options;
  if ([name, plan, artifacts].filter((each) => each !== undefined).length !== 1) {
    const detail = 'Give one of these: the name of a migration, --plan FILE, or --artifacts FOLDER.';
    throw new CutoverError('client.usage', { where: 'explain', detail });
  }
  if (artifacts !== undefined) return new FolderBlobStore(path.resolve(artifacts));
  return storeOf(plan === undefined ? await planOfRun(name ?? '', options) : readPlan(plan)).blobs;
}

function planOfRun(name: string, options: ExplainOptions): Promise<MigrationPlan> {
  return session(options, async ({ migrations }) => {
    const plan = await migrations.plan(name);
    if (plan !== null) return plan;
    const detail = 'Its plan was never accepted; pass --plan FILE.';
    throw new CutoverError('client.migration-unknown', { where: `migration ${name}`, detail });
  });
}

/** What the stages wrote, recorded or not: whoever asks may be about to mend what stopped one. */
async function sourcesIn(blobs: BlobStore): Promise<PatternSources> {
  const read = async <Name extends keyof PatternSources>(key: Name, name: string): Promise<Partial<PatternSources>> => {
    const bytes = await blobs.get(name);
    return bytes === undefined ? {} : { [key]: JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown };
  };
  const found = {
    ...(await read('analysis', 'stage-01/analysis.json')),
    ...(await read('contract', 'stage-02/migrationContract.json')),
    ...(await read('coverage', 'stage-04/coverage.json')),
    ...(await read('tests', 'stage-04/generated_tests.json')),
  };
  const { contract } = found;
  if (contract !== undefined) return { ...found, contract };
  throw new CutoverError('core.artifact-missing', {
    where: 'stage-02/migrationContract.json',
    detail: `Nothing of that name in ${blobs.location}: stage 2 gives it.`,
  });
}
