import type { Command } from 'commander';
import { CutoverError } from '../../core/errors/index.ts';
import { isStageId, type StageId } from '../../core/stages.ts';
import type { RequestName, Requests } from '../../workflows/messages.ts';
import { currentUser, session, type GlobalOptions } from '../session.ts';
import { addRetry } from './retry.ts';

interface RequestOptions extends GlobalOptions {
  readonly by: string;
  readonly why?: string;
  readonly to?: string;
  readonly plan?: string;
  readonly all?: boolean;
}

/** The commands that ask a running migration for something; each is the update of the same name. */
export function addRequests(program: Command): void {
  const add = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<name>', 'name of the migration')
      .option('--by <who>', 'who asks; goes into the audit', currentUser())
      .option('--why <reason>', 'why; goes into the audit');

  for (const [name, description] of [
    ['approve', 'approve a gate'],
    ['reject', 'reject a gate (--why needed); the stage parks and can be retried'],
  ] as const) {
    const one = name === 'reject';
    const request = add(name, description).argument(
      one ? '<gate>' : '[gate]',
      one
        ? 'id of the gate, as status shows it'
        : 'id of the gate, or a pattern of several: 02-dynamodb-data-modeling/table/*',
    );
    if (!one) request.option('--all', 'approve every gate that is open now');
    request.action((migration: string, gate: string | undefined, _: unknown, command: Command) =>
      send(command, name, migration, (options) => ({ ...from(options), gate: gateOf(gate, options) })),
    );
  }
  addRetry(add('retry', 'run a parked stage again, or go on after a rollback'));
  add('rollback', 'undo stages backwards (--why needed); retry then goes on from there')
    .requiredOption('--to <stage>', 'the last stage to undo')
    .action((migration: string, _: unknown, command: Command) =>
      send(command, 'rollback', migration, (options) => ({ ...from(options), to: stageOf(options.to) })),
    );
  for (const [name, description] of [
    ['abort', 'undo all stages and end the migration (--why needed)'],
    ['pause', 'stop before the next step'],
    ['resume', 'go on after a pause'],
  ] as const) {
    add(name, description).action((migration: string, _: unknown, command: Command) =>
      send(command, name, migration, from),
    );
  }
}

function gateOf(gate: string | undefined, { all = false }: RequestOptions): string {
  if (all && gate === undefined) return '*';
  if (!all && gate !== undefined) return gate;
  const detail = all ? 'Either a gate or --all, not both.' : 'Which gate? An id, a pattern, or --all.';
  throw new CutoverError('client.usage', { where: 'approve', detail });
}

function from({ by, why }: RequestOptions): { by: string; why?: string } {
  return { by, ...(why === undefined ? {} : { why }) };
}

function stageOf(text: string | undefined): StageId {
  if (isStageId(text)) return text;
  throw new CutoverError('client.usage', { where: '--to', detail: `${text ?? 'nothing'} is not the id of a stage.` });
}

async function send<N extends RequestName>(
  command: Command,
  name: N,
  migration: string,
  request: (options: RequestOptions) => Requests[N],
): Promise<void> {
  const options = command.optsWithGlobals<RequestOptions>();
  await session(options, async ({ migrations, out }) => {
    const accepted = await migrations.request(migration, name, request(options));
    out.result({ migration, ...accepted }, ({ message }) => `${migration}: ${message}`);
  });
}
