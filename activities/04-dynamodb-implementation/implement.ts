import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { DataAccessLayer } from '../../core/data-access.ts';
import type { StageContext } from '../../core/stage.ts';
import { commitStep, runCommandOrFail, type WorkTree } from '../application/index.ts';
import { copyRuntime } from '../generated/copy-runtime.ts';
import { type HandFile, handFolder, writeHandFiles } from '../generated/by-hand.ts';
import { addStore } from '../generated/factory.ts';
import { extensionOf, inLanguage, languageOfLayer, type ApplicationLanguage } from '../generated/language.ts';
import type { CompiledLayer } from './compile/index.ts';
import type { TestFirst } from './tests/drive.ts';
import { stubFile } from './tests/index.ts';

const SDK = '@aws-sdk/client-dynamodb';

/** Puts the implementation on the branch, test first, a commit for each step; gives the commits' messages in order. */
export async function implement(
  context: StageContext,
  tree: WorkTree,
  layer: DataAccessLayer,
  compiled: CompiledLayer,
  byHand: readonly HandFile[],
  tests: TestFirst & { readonly folder: string },
): Promise<string[]> {
  const commits: string[] = [];
  const commit = async (message: string): Promise<void> => {
    await commitStep(tree, message);
    commits.push(message);
  };
  const application = languageOfLayer(layer);
  const folder = path.join(tree.application, layer.folder);
  const target = path.join(folder, 'dynamodb');

  context.progress({ step: 'Add the SDK to the application' });
  if (await addSdk(context, tree.application)) await commit(`Add ${SDK}, which the DynamoDB implementation needs`);

  context.progress({ step: 'Copy the store' });
  await copyRuntime({ folder: 'store', target: path.join(target, 'store'), application });
  await formatted(context, tree.application, path.join(layer.folder, 'dynamodb'));
  await commit('Add the store: MySQL rows and rules on DynamoDB items');

  if (byHand.length > 0) {
    await writeHandFiles(path.join(tree.application, handFolder(layer)), byHand);
    await commit(`Carry over what is written by hand: ${byHand.map(({ path: file }) => file).join(', ')}`);
  }

  const names = new Set(layer.methods.map(({ aggregate }) => `${aggregate}.ts`));
  const aggregates = compiled.files.filter((file) => names.has(file.path));
  const shared = compiled.files.filter((file) => !names.has(file.path));
  context.progress({ step: 'Let the application choose the store, with nothing implemented yet' });
  for (const file of shared) await write(target, file, application);
  for (const { path: file } of aggregates) {
    await write(target, { path: file, content: stubFile(layer, path.basename(file, '.ts')) }, application);
  }
  const factoryName = `index${extensionOf(application)}`;
  const factory = path.join(folder, factoryName);
  const text = await readFile(factory, 'utf8');
  const from = `./dynamodb/index${layer.importSuffix}`;
  const store = { store: 'dynamodb', create: 'createDynamoDal()', imports: [{ names: ['createDynamoDal'], from }] };
  await writeFile(factory, addStore(text, store, `${layer.folder}/${factoryName}`, application));
  await formatted(context, tree.application, layer.folder);
  await commit('Let DAL_STORE=dynamodb choose a DynamoDB implementation, where nothing is implemented yet');

  await tests.write();
  await formatted(context, tree.application, tests.folder);
  await commit('Add tests of the data access layer, which fail on DynamoDB');
  await tests.red();

  for (const [position, file] of aggregates.entries()) {
    context.signal.throwIfAborted();
    context.progress({
      step: 'Implement one aggregate after the other',
      done: position,
      total: aggregates.length,
      unit: 'aggregates',
    });
    await write(target, file, application);
    const name = path.basename(file.path, '.ts');
    const methods = compiled.methods.filter(({ aggregate }) => aggregate === name);
    const count = (wanted: string): number => methods.filter(({ status }) => status === wanted).length;
    const others = ['by hand', 'refused'].filter((status) => count(status) > 0);
    const written = file.path.replace(/\.ts$/, extensionOf(application));
    await formatted(context, tree.application, path.join(layer.folder, 'dynamodb', written));
    await tests.green(name);
    await commit(
      `Implement ${name} on DynamoDB: ${[`${count('compiled')} methods`, ...others.map((status) => `${count(status)} ${status}`)].join(', ')}`,
    );
  }
  return commits;
}

/** Writes a generated file below a folder, in the application's language. */
export async function write(
  target: string,
  { path: name, content }: CompiledLayer['files'][number],
  application: ApplicationLanguage,
): Promise<void> {
  const file = await inLanguage({ path: name, text: content }, application);
  if (file === undefined) return;
  const full = path.join(target, file.path);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, file.text);
}

/** Adds the SDK by the application's own package manager, in the version that this was tested with. */
async function addSdk(context: StageContext, application: string): Promise<boolean> {
  const manifest = JSON.parse(await readFile(path.join(application, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  if (manifest.dependencies?.[SDK] !== undefined) return false;
  const { version } = createRequire(import.meta.url)(`${SDK}/package.json`) as { version: string };
  const command = (await exists(path.join(application, 'pnpm-lock.yaml')))
    ? `pnpm add --save-exact ${SDK}@${version}`
    : (await exists(path.join(application, 'yarn.lock')))
      ? `yarn add --exact ${SDK}@${version}`
      : `npm install --save-exact --no-audit --no-fund ${SDK}@${version}`;
  await runCommandOrFail(command, { cwd: application, signal: context.signal });
  return true;
}

/** Where the application formats with prettier, what we write is formatted by it, so that its own check passes. */
export async function formatted(context: StageContext, application: string, folder: string): Promise<void> {
  const prettier = path.join(application, 'node_modules', '.bin', 'prettier');
  if (!(await exists(prettier))) return;
  await runCommandOrFail(`${JSON.stringify(prettier)} --write --log-level warn ${JSON.stringify(folder)}`, {
    cwd: application,
    signal: context.signal,
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
