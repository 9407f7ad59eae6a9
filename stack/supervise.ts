import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLine, StackError } from './base/errors.ts';
import { ownsPort } from './base/listeners.ts';
import { choosePort, isFree, portInUse } from './base/ports.ts';
import { identify, isRunning, terminate } from './base/process.ts';
import type { PortWishes, ProcessIdentity } from './base/types.ts';
import type { PartContext, PartDriver, Ports } from './parts/driver.ts';

/** Generous, as the machine may be busy: a part that died is noticed at once anyway. */
const HEALTH_TIMEOUT_MS = 90_000;

/** A free port may be taken between choosing and using it; a wished one is never replaced. */
const PORT_ATTEMPTS = 3;

const TAKEN =
  /address (?:is )?already in use|already in use|another mysqld server running on port|bind on tcp\/ip port/i;

/** A part that runs and is healthy. */
export interface Running<E> {
  readonly process: ProcessIdentity;
  readonly ports: Ports;
  readonly endpoint: E;
  /** Settles when the process ends, however it ends. */
  readonly ended: Promise<string>;
}

/** What is needed to start a part. */
export interface StartRequest<E> {
  readonly driver: PartDriver<E>;
  readonly context: Omit<PartContext, 'ports'>;
  readonly wished: PortWishes;
  readonly last: Ports;
  readonly logFile: string;
  /** Called as soon as there is a process, before it is healthy: it must be stoppable from then on. */
  readonly onSpawn: (identity: ProcessIdentity, ports: Ports) => void;
}

/** Starts a part and waits until it is healthy; nothing is left running when this throws. */
export async function startPart<E>(request: StartRequest<E>): Promise<Running<E>> {
  let last = request.last;
  for (let attempt = 1; ; attempt++) {
    const ports: Ports = {};
    for (const key of request.driver.ports) {
      ports[key] = await choosePort(request.driver.part, request.wished[key], last[key]);
    }
    try {
      return await launch(request, ports);
    } catch (error) {
      const wished = request.driver.ports.some((key) => request.wished[key] !== undefined);
      const taken = error instanceof StackError && error.code === 'PORT_IN_USE';
      if (!taken || wished || attempt === PORT_ATTEMPTS) throw error;
      last = {};
    }
  }
}

async function launch<E>(request: StartRequest<E>, ports: Ports): Promise<Running<E>> {
  const { driver, logFile } = request;
  const context: PartContext = { ...request.context, ports };
  const command = await driver.prepare(context);
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const offset = fstatSync(log).size;
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: { ...process.env, ...command.env },
    stdio: ['ignore', log, log],
    // A session of its own: Ctrl-C in the terminal must reach us first, so that workers stop before their servers.
    detached: true,
  });
  closeSync(log);
  // Waiting for it is the stack's business, not the event loop's: a script that is done may end.
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, by) => resolve(by === null ? `exit code ${code ?? 0}` : `signal ${by}`));
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw await died(request, ports, await ended, offset);
  request.onSpawn(identity, ports);
  try {
    const endpoint = await Promise.race([
      waitHealthy(driver, context, identity),
      ended.then(async (how) => Promise.reject(await died(request, ports, how, offset))),
    ]);
    return { process: identity, ports, endpoint, ended };
  } catch (error) {
    await terminate(identity, driver.graceMs);
    throw error;
  }
}

async function waitHealthy<E>(driver: PartDriver<E>, context: PartContext, identity: ProcessIdentity): Promise<E> {
  const end = Date.now() + HEALTH_TIMEOUT_MS;
  let reason = 'it does not listen';
  while (Date.now() < end && isRunning(identity)) {
    if (driver.ports.every((key) => ownsPort(identity.pid, context.ports[key] ?? 0) !== false)) {
      try {
        return await driver.check(context);
      } catch (error) {
        reason = lastLine(error instanceof Error ? error.message || error.name : String(error));
      }
    }
    await delay(50);
  }
  throw new StackError('NOT_HEALTHY', `${driver.part} started but is not healthy (${reason}): see its log`, {
    part: driver.part,
  });
}

/** Why it died, from what it wrote since it was started. */
async function died<E>(request: StartRequest<E>, ports: Ports, how: string, offset: number): Promise<StackError> {
  const { part } = request.driver;
  const wrote = readFileSync(request.logFile).subarray(offset).toString();
  if (TAKEN.test(wrote)) {
    for (const port of Object.values(ports)) if (!(await isFree(port))) return portInUse(part, port);
  }
  const error = wrote.split('\n').findLast((line) => /\berror\b/i.test(line)) ?? wrote;
  return new StackError('DIED', `${part} ended while starting (${how}; ${lastLine(error)}): see ${request.logFile}`, {
    part,
  });
}
