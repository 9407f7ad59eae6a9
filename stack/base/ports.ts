import getPort from 'get-port';
import net from 'node:net';
import { StackError } from './errors.ts';
import type { PartName } from './types.ts';

/** Everything listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

/** Whether nothing listens on this loopback port and we could. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The port to use: the one wished for (an error if taken), else the one used last time if free, else a free one.
 * @throws StackError PORT_IN_USE, naming the port and the part.
 */
export async function choosePort(
  part: PartName,
  wished: number | undefined,
  last: number | undefined,
): Promise<number> {
  if (wished !== undefined) {
    if (!Number.isInteger(wished) || wished < 1 || wished > 65_535) {
      throw new StackError('BAD_INPUT', `port ${wished} for ${part} is not a port number: take 1 to 65535`, { part });
    }
    if (!(await isFree(wished))) throw portInUse(part, wished);
    return wished;
  }
  if (last !== undefined && (await isFree(last))) return last;
  return getPort({ host: LOOPBACK });
}

/** The error for a taken port. */
export function portInUse(part: PartName, port: number): StackError {
  return new StackError(
    'PORT_IN_USE',
    `port ${port} for ${part} is in use: stop what listens there or set another port`,
    {
      part,
    },
  );
}
