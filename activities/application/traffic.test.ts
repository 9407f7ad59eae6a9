import { afterEach, describe, expect, it } from '@jest/globals';
import { recordTraffic, replayTraffic } from './traffic.ts';
import { startServer, type RunningServer } from './server.ts';
import type { ApplicationSettings } from '../../core/plan.ts';

/** A server that counts, greets with a secret key only, echoes bytes, and can be told to answer otherwise. */
const SERVER = `
  let count = 0;
  require('http').createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === '/bytes') return response.end(Buffer.concat(chunks));
    response.setHeader('content-type', 'application/json');
    if (request.url === '/ready') return response.end('{}');
    if (request.headers['x-key'] !== 'planted-secret') { response.statusCode = 403; return response.end('{}'); }
    count += Number(process.env.STEP || 1);
    response.end(JSON.stringify({ count, at: new Date().toISOString(), got: Buffer.concat(chunks).toString(), db: process.env.DB }));
  }).listen(Number(process.env.PORT), '127.0.0.1');`;

const TRAFFIC = `
  (async () => {
    for (const body of ['a', 'ü', 'c']) await fetch('{serverUrl}/x?n=' + body, { method: 'POST', body, headers: { 'x-key': 'planted-secret' } });
    await fetch('{serverUrl}/bytes', { method: 'PUT', body: Buffer.from([255, 0, 1]) });
    await fetch('{serverUrl}/x');
  })();`;

const settings: ApplicationSettings['server'] = {
  start: 'node -e "eval(process.env.PROGRAM)"',
  portVariable: 'PORT',
  readyPath: '/ready',
  databaseUrlVariable: 'DB',
  environment: { PROGRAM: SERVER },
};

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function start(environment: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer(settings, { cwd: process.cwd(), databaseUrl: 'mysql://u@h/d', environment });
  running.push(server);
  return server;
}

describe('recording and replaying traffic', () => {
  it('finds an equal server equal, clock and secrets aside, and keeps the secret out of the recording', async () => {
    const secrets = ['planted-secret'];
    const command = 'node -e "eval(process.env.TRAFFIC)"';
    const recording = await recordTraffic({ command, environment: { TRAFFIC } }, (await start()).url, {
      cwd: process.cwd(),
      secrets,
    });
    expect(recording.exchanges.map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 403]);
    expect(JSON.stringify(recording)).not.toContain('planted-secret');
    expect(recording.exchanges[3]?.response).toMatchObject({ body: '/wAB', bodyEncoding: 'base64' });
    const equal = await replayTraffic(recording, (await start()).url, { secrets });
    expect(equal).toEqual({ requests: 5, equal: 5, different: 0, differences: [] });
    const other = await replayTraffic(recording, (await start({ STEP: '2' })).url, { secrets });
    expect(other).toMatchObject({
      different: 3,
      differences: [{ request: 'POST /x?n=a', at: '$.count', recorded: '1', replayed: '2' }, {}, {}],
    });
  });

  it('refuses a driver that fails, or that drives nothing', async () => {
    const { url } = await start();
    await expect(recordTraffic({ command: 'node -e "process.exit(2)"' }, url, { cwd: process.cwd() })).rejects.toThrow(
      /Exit code 2/,
    );
    await expect(recordTraffic({ command: 'node -e "0"' }, url, { cwd: process.cwd() })).rejects.toThrow(
      /no request came/,
    );
  });
});

describe('starting the server', () => {
  it('says what it printed when it ends early or never gets ready', async () => {
    const broken = { ...settings, start: `node -e "console.error('no planted-secret');process.exit(1)"` };
    const options = { cwd: process.cwd(), databaseUrl: 'x', secrets: ['planted-secret'] };
    await expect(startServer(broken, options)).rejects.toThrow(/dal.server-not-ready[^]*ended with 1[^]*no \*\*\*/);
    // Long enough for a busy machine to start a process, so that it is the server's own answer that is told.
    const deaf = { ...settings, readyPath: '/x' };
    await expect(startServer(deaf, { ...options, readyTimeoutMs: 8000 })).rejects.toThrow(/status 403/);
  });

  it('leaves nothing running after stop', async () => {
    const server = await start();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow();
  });
});
