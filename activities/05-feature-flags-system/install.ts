import { access, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DataAccessLayer } from '../../core/data-access.ts';
import type { StageContext } from '../../core/stage.ts';
import type { SourceTables } from '../../runtime/flags/source-tables.ts';
import { commitStep, runCommand, runCommandOrFail, tail, type WorkTree } from '../application/index.ts';
import { copyRuntime } from '../generated/copy-runtime.ts';
import { addStore } from '../generated/factory.ts';
import { extensionOf, inLanguage, languageOfLayer } from '../generated/language.ts';
import { printTables } from './print-tables.ts';

/** Puts the flags on the branch, a commit for each step; gives the commits' messages in order. */
export async function install(
  context: StageContext,
  tree: WorkTree,
  layer: DataAccessLayer,
  tables: SourceTables,
): Promise<string[]> {
  const commits: string[] = [];
  const commit = async (message: string): Promise<void> => {
    await commitStep(tree, message);
    commits.push(message);
  };
  const suffix = layer.importSuffix;
  const application = languageOfLayer(layer);
  const extension = extensionOf(application);
  const folder = path.join(tree.application, layer.folder);

  context.progress({ step: 'Copy the flags' });
  const target = path.join(folder, 'flags');
  await copyRuntime({
    folder: 'flags',
    target,
    application,
    paths: { '../store/': '../dynamodb/store/', './source-pool': '../mysql/source-pool' },
  });
  // The one file that needs the driver goes where stage 3 keeps the driver, by a rule of lint and by a test.
  await rename(path.join(target, `source-pool${extension}`), path.join(folder, 'mysql', `source-pool${extension}`));
  const printed = { path: 'tables.ts', text: await printTables(tables, suffix) };
  const file = (await inLanguage(printed, application)) ?? printed;
  await writeFile(path.join(target, file.path), file.text);
  await formatted(context, tree.application, layer.folder);
  await commit('Add the flags: dual writes, dual reads, five phases');

  context.progress({ step: 'Let the factory choose them' });
  const factory = path.join(folder, `index${extension}`);
  const create =
    'createFlagsDal<Dal>({\n' +
    '        mysql: createMysqlDal,\n' +
    '        dynamodb: createDynamoDal,\n' +
    "        model: storeModel(process.env['DYNAMODB_TABLE_PREFIX'] ?? ''),\n" +
    '        tables: TABLES,\n' +
    '        methods: METHODS,\n' +
    '      })';
  const imports = [
    { names: ['createFlagsDal'], from: `./flags/index${suffix}` },
    { names: ['TABLES'], from: `./flags/tables${suffix}` },
    { names: ['storeModel'], from: `./dynamodb/model${suffix}` },
    { names: ['METHODS'], from: `./methods${suffix}` },
  ];
  const text = await readFile(factory, 'utf8');
  const where = `${layer.folder}/index${extension}`;
  await writeFile(factory, addStore(text, { store: 'flags', create, imports }, where, application));
  await formatted(context, tree.application, layer.folder);
  await commit('Let DAL_STORE=flags choose the phases');
  return commits;
}

/** What of the application's own build and lint fails. */
export async function buildAndLint(context: StageContext, tree: WorkTree): Promise<string[]> {
  const failures: string[] = [];
  for (const command of [context.plan.application.build, context.plan.application.lint]) {
    if (command === undefined) continue;
    const outcome = await runCommand(command, { cwd: tree.application, signal: context.signal });
    if (outcome.exitCode !== 0) failures.push(`\`${command}\` ended with ${outcome.exitCode}:\n${tail(outcome.output)}`); // prettier-ignore
  }
  return failures;
}

/** Where the application formats with prettier, what we write is formatted by it, so that its own check passes. */
async function formatted(context: StageContext, application: string, folder: string): Promise<void> {
  const prettier = path.join(application, 'node_modules', '.bin', 'prettier');
  const present = await access(prettier).then(
    () => true,
    () => false,
  );
  if (!present) return;
  const command = `${JSON.stringify(prettier)} --write --log-level warn ${JSON.stringify(folder)}`;
  await runCommandOrFail(command, { cwd: application, signal: context.signal });
}
