import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cancel, intro, isCancel, outro, select, text } from '@clack/prompts';
import type { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { validatePlan } from '../../core/plan-validation.ts';
import { output } from '../output.ts';
import type { GlobalOptions } from '../session.ts';

/** One question: where its answer goes in the plan, and what is proposed. */
interface Question {
  readonly at: string;
  readonly ask: string;
  readonly proposal: string;
  readonly choices?: readonly string[];
  /** An empty answer leaves it out; says what is lost then. */
  readonly without?: string;
}

const QUESTIONS: readonly Question[] = [
  { at: 'name', ask: 'Name of the migration (also its workflow id)', proposal: 'my-application' },
  { at: 'artifactStore', ask: 'Folder or s3://bucket/prefix for artifacts and audit', proposal: './artifacts' },
  { at: 'source.host', ask: 'MySQL host', proposal: '127.0.0.1' },
  { at: 'source.port', ask: 'MySQL port', proposal: '3306' },
  { at: 'source.database', ask: 'Database to migrate', proposal: 'app' },
  { at: 'source.user', ask: 'MySQL user', proposal: 'root' },
  {
    at: 'source.password',
    ask: 'Reference to the password (env:NAME, file:PATH, secretsmanager:ARN)',
    proposal: 'env:MYSQL_PASSWORD',
  },
  {
    at: 'source.queryLog.path',
    ask: 'General or slow query log that the worker can read',
    proposal: '',
    without: 'rates must be stated or assumed',
  },
  { at: 'application.path', ask: 'Folder of the application (a git work tree)', proposal: '.' },
  {
    at: 'application.install',
    ask: 'Command that installs its packages',
    proposal: 'npm ci',
    without: 'nothing is installed',
  },
  { at: 'application.build', ask: 'Command that builds it', proposal: '', without: 'it is run as it is' },
  { at: 'application.lint', ask: 'Command that lints it', proposal: '', without: 'what is generated is not linted' },
  { at: 'application.server.start', ask: 'Command that starts the server', proposal: 'npm start' },
  { at: 'application.server.portVariable', ask: 'Environment variable that takes its port', proposal: 'PORT' },
  { at: 'application.server.readyPath', ask: 'Path that answers 2xx when it is ready', proposal: '/health' },
  {
    at: 'application.server.databaseUrlVariable',
    ask: 'Environment variable that takes the database URL',
    proposal: 'DATABASE_URL',
  },
  { at: 'application.tests.command', ask: 'Command that runs its tests', proposal: 'npm test' },
  {
    at: 'application.traffic.command',
    ask: 'Command that drives it over HTTP, always the same way; {serverUrl} is its address',
    proposal: '',
    without: 'answers before and after are not compared, and no tests are generated',
  },
  { at: 'application.scratch.database', ask: 'Database that tests may destroy', proposal: 'app_scratch' },
  { at: 'application.scratch.prepare', ask: 'Command that fills it from nothing', proposal: 'npm run db:reset' },
  { at: 'target.region', ask: 'AWS region', proposal: 'us-east-1' },
  {
    at: 'target.endpoint',
    ask: 'Endpoint of an AWS emulator',
    proposal: '',
    without: 'AWS itself is meant, and target.allowProduction must say so',
  },
  { at: 'target.prefix', ask: 'Prefix of table and stack names', proposal: 'app-' },
  { at: 'gates.policy', ask: 'Who approves what stages give', proposal: 'manual', choices: ['manual', 'auto'] },
];

interface InitOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly set: readonly string[];
}

/** `cutover init [FILE]` */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('ask for the settings and write a migration plan')
    .argument('[file]', 'what to write; JSON when it ends in .json', 'migration.yaml')
    .option('--yes', 'take all proposals, ask nothing')
    .option('--set <place=value>', 'answer beforehand, such as source.database=shop', collect, [])
    .option('--force', 'replace the file if it exists')
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<InitOptions>();
      if (existsSync(file) && options.force !== true)
        throw new CutoverError('client.file-exists', { where: file, detail: 'It was left as it is.' });
      const plan = planOf(await answers(options));
      await writeFile(file, path.extname(file) === '.json' ? `${JSON.stringify(plan, null, 2)}\n` : stringify(plan));
      output(options.json === true).result({ file, plan }, () => `wrote ${file}; check it with: cutover check ${file}`);
    });
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function answers({ yes, set, json }: InitOptions): Promise<Map<string, string>> {
  const given = new Map(set.map(splitSetting));
  const interactive = yes !== true && json !== true;
  if (interactive) intro('A new migration from MySQL to DynamoDB');
  for (const question of QUESTIONS) {
    if (given.has(question.at)) continue;
    given.set(question.at, interactive ? await ask(question) : question.proposal);
  }
  for (const { at, without } of QUESTIONS) if (without !== undefined && given.get(at) === '') given.delete(at);
  const log = given.get('source.queryLog.path');
  if (log !== undefined && !given.has('source.queryLog.format')) {
    given.set('source.queryLog.format', /slow/i.test(path.basename(log)) ? 'slow' : 'general');
  }
  if (interactive) outro('Done');
  return given;
}

function splitSetting(setting: string): [string, string] {
  const at = setting.indexOf('=');
  if (at > 0) return [setting.slice(0, at), setting.slice(at + 1)];
  throw new CutoverError('client.usage', { where: '--set', detail: `${setting} is not of the form place=value.` });
}

async function ask({ ask: question, proposal, choices, without }: Question): Promise<string> {
  const message = without === undefined ? question : `${question} (may be empty: then ${without})`;
  const answer =
    choices === undefined
      ? await text({ message, initialValue: proposal })
      : await select({ message, options: choices.map((value) => ({ value })) });
  if (!isCancel(answer)) return answer;
  cancel('Nothing was written');
  throw new CutoverError('client.usage', { where: 'init', detail: 'It was ended before all questions were answered.' });
}

/** Puts the answers into their places; only the port is a number, and lists and booleans come as YAML. */
function planOf(given: ReadonlyMap<string, string>): MigrationPlan {
  const plan: Record<string, unknown> = { application: { sources: ['src'] } };
  for (const [place, value] of given) {
    const keys = place.split('.');
    const last = keys.pop() ?? place;
    let object = plan;
    for (const key of keys) object = (object[key] ??= {}) as Record<string, unknown>;
    object[last] = typed(value);
  }
  return validatePlan(plan);
}

function typed(value: string): unknown {
  const parsed: unknown = parse(value);
  return typeof parsed === 'string' || parsed === null ? value : parsed;
}
