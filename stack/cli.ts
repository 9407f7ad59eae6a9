import { Command, InvalidArgumentError } from 'commander';
import { StackError } from './base/errors.ts';
import { ensureInstalled, listStacks, PART_NAMES, readState, runningParts, startStack, downStack } from './index.ts';
import type { PartName, PortWishes, StackLog } from './index.ts';

const DEFAULT_PARTS: readonly PartName[] = ['temporal', 'mysql', 'aws'];
const PORT_KEYS = ['temporal', 'temporalUi', 'mysql', 'aws', 'dynamodbLocal'] as const;

/** Progress goes to standard error: standard output is for what a script may read. */
const log: StackLog = {
  info: (message) => process.stderr.write(`${message}\n`),
  warn: (message) => process.stderr.write(`! ${message}\n`),
};

function parseParts(words: string[]): PartName[] {
  const names = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  for (const name of names) {
    if (!(PART_NAMES as readonly string[]).includes(name)) {
      throw new StackError('BAD_INPUT', `there is no part "${name}": take some of ${PART_NAMES.join(', ')}`);
    }
  }
  return names.length === 0 ? [...DEFAULT_PARTS] : (names as PartName[]);
}

function parsePorts(text: string): PortWishes {
  const wishes: Record<string, number> = {};
  for (const pair of text.split(',')) {
    const [key, value] = pair.split('=');
    if (key === undefined || !(PORT_KEYS as readonly string[]).includes(key) || !/^\d+$/.test(value ?? '')) {
      throw new InvalidArgumentError(`"${pair}" is not NAME=PORT with NAME one of ${PORT_KEYS.join(', ')}.`);
    }
    wishes[key] = Number(value);
  }
  return wishes;
}

function describe(name: string): void {
  const state = readState(name);
  if (state === undefined) return;
  const running = runningParts(state);
  process.stdout.write(`stack ${name}\n`);
  for (const part of PART_NAMES) {
    const known = state.parts[part];
    if (known === undefined) continue;
    const facts = Object.entries(known.endpoint ?? {}).map(([key, value]) => `${key}=${String(value)}`);
    const pid = running.includes(part) ? `up, pid ${known.process?.pid ?? '?'}` : 'stopped';
    process.stdout.write(`  ${part.padEnd(15)} ${pid}  ${facts.join(' ')}\n`);
  }
}

const program = new Command('stack').description(
  'Starts and stops the embedded parts: Temporal, MySQL, AWS, DynamoDB Local.',
);

program
  .command('install')
  .argument('[parts...]', `some of ${PART_NAMES.join(', ')}`)
  .description('download and unpack what is missing')
  .action(async (words: string[]) => {
    await ensureInstalled(parseParts(words), log);
  });

program
  .command('up')
  .argument('[parts...]', `some of ${PART_NAMES.join(', ')}; without any: ${DEFAULT_PARTS.join(', ')}`)
  .option('--name <name>', 'name of the stack', 'dev')
  .option('--ports <list>', 'for example temporal=7233,temporalUi=8233,mysql=3306,aws=4566', parsePorts)
  .option('--fresh', 'forget the data of an earlier stack of this name')
  .option('--general-log', 'write the general query log of MySQL')
  .description('start a stack and leave it running')
  .action(async (words: string[], options: { name: string; ports?: PortWishes; fresh?: true; generalLog?: true }) => {
    const parts = parseParts(words);
    const state = readState(options.name);
    const running = state === undefined ? [] : runningParts(state);
    if (!parts.every((part) => running.includes(part))) {
      await startStack({
        name: options.name,
        parts,
        ports: options.ports ?? {},
        fresh: options.fresh === true,
        mysql: { generalLog: options.generalLog === true },
        detached: true,
        log,
      });
    }
    describe(options.name);
  });

program
  .command('down')
  .option('--name <name>', 'name of the stack', 'dev')
  .option('--wipe', 'remove its data too')
  .description('stop exactly what was started under this name')
  .action(async (options: { name: string; wipe?: true }) => {
    const stopped = await downStack(options.name, { wipe: options.wipe === true });
    process.stdout.write(
      stopped.length === 0 ? `stack ${options.name}: nothing was running\n` : `stopped ${stopped.join(', ')}\n`,
    );
  });

program
  .command('status')
  .option('--name <name>', 'only this stack')
  .option('--json', 'as JSON')
  .description('show what runs where')
  .action((options: { name?: string; json?: true }) => {
    const stacks = listStacks().filter((state) => options.name === undefined || state.name === options.name);
    if (options.json === true) {
      const shown = stacks.map((state) => ({ ...state, running: runningParts(state) }));
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      return;
    }
    for (const state of stacks) describe(state.name);
    if (stacks.length === 0) process.stdout.write('no stack\n');
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
