import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import { inLanguage, languageOfLayer } from '../../generated/language.ts';
import { runTests, type TestBench } from '../tests/run.ts';
import type { Tagged } from '../tests/values.ts';
import { servingProgram } from './program.ts';

/** One thing that a served layer does. */
export type Step =
  | {
      readonly step: 'call';
      readonly aggregate: string;
      readonly method: string;
      readonly input: Tagged;
      readonly unit?: string;
    }
  | { readonly step: 'begin' | 'commit' | 'rollback' | 'release'; readonly unit: string }
  | { readonly step: 'statement'; readonly aggregate: string; readonly method: string; readonly input: Tagged }
  | { readonly step: 'query'; readonly sql: string };

/** What a step gave: rows of a read, counts of a write, a statement, or the code of its error. */
export interface Answer {
  readonly rows?: readonly Tagged[];
  readonly affectedRows?: number;
  readonly changedRows?: number;
  readonly insertId?: Tagged;
  readonly sql?: string;
  readonly values?: Tagged;
  readonly code?: string;
  readonly message?: string;
}

/** The application's data access layer on one store, in a process of its own. */
export interface ServedLayer {
  /** Runs steps one after the other; several calls of this run beside each other. */
  run(steps: readonly Step[]): Promise<readonly Answer[]>;
}

/** Runs `work` with the layer on a store; ends its process afterwards, whatever happens. */
export async function withServedLayer<T>(
  bench: TestBench,
  layer: DataAccessLayer,
  store: 'mysql' | 'dynamodb',
  environment: Readonly<Record<string, string>>,
  work: (served: ServedLayer) => Promise<T>,
): Promise<T> {
  const { framework, application } = bench;
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-served-'));
  const socketPath = path.join(folder, 'socket');
  const name = `cutover-${path.basename(folder).slice(-6)}${framework.fileEnd}`;
  const file = `${framework.folder}/${name}`;
  const server = createServer().listen(socketPath);
  await once(server, 'listening');
  await mkdir(path.join(application, framework.folder), { recursive: true });
  const program = { path: file, text: servingProgram(layer, framework, store, socketPath) };
  const { text } = (await inLanguage(program, languageOfLayer(layer))) ?? program;
  await writeFile(path.join(application, file), text);
  let socket: Socket | undefined;
  const running = runTests(bench, [file], environment);
  try {
    const ended = running.then(({ output }) => {
      throw new CutoverError('compile.differential-unserved', { where: `${application}, ${store}`, detail: output });
    });
    ended.catch(() => undefined);
    [socket] = (await Promise.race([once(server, 'connection'), ended])) as [Socket];
    return await work(over(socket, ended));
  } finally {
    socket?.end();
    await running.catch(() => undefined);
    server.close();
    await rm(path.join(application, file), { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

function over(socket: Socket, ended: Promise<never>): ServedLayer {
  const waiting = new Map<number, (answers: readonly Answer[]) => void>();
  let last = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const { id, answers } = JSON.parse(line) as { id: number; answers: readonly Answer[] };
    waiting.get(id)?.(answers);
    waiting.delete(id);
  });
  return {
    run: (steps) => {
      const id = (last += 1);
      const answered = new Promise<readonly Answer[]>((resolve) => waiting.set(id, resolve));
      socket.write(`${JSON.stringify({ id, steps })}\n`);
      return Promise.race([answered, ended]);
    },
  };
}
