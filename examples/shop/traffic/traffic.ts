import { parseArgs } from 'node:util';
import { pickAction } from './actions.js';
import { Client } from './client.js';
import { World } from './world.js';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env['SHOP_URL'] ?? 'http://127.0.0.1:3000' },
    'admin-key': { type: 'string', default: process.env['SHOP_ADMIN_KEY'] ?? process.env['ADMIN_KEY'] ?? '' },
    requests: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '7' },
    concurrency: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});

const requests = Number(options.requests);
const client = new Client(options.url, options['admin-key'], options.out);
const world = new World(client, Number(options.seed));

/** One at a time unless told otherwise: only then does the same seed give the same requests in the same order. */
async function visitor(): Promise<void> {
  while (client.sent < requests) await pickAction(world)(world);
}

const started = performance.now();
await world.discover();
await Promise.all(Array.from({ length: Number(options.concurrency) }, visitor));
await client.close();
const seconds = (performance.now() - started) / 1000;

for (const [route, statuses] of [...client.counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}×${count}`);
  console.log(`${route.padEnd(48)} ${counts.join('  ')}`);
}
const failures = [...client.counts.values()].flatMap((statuses) => [...statuses]).filter(([status]) => status >= 500);
const failed = failures.reduce((sum, [, count]) => sum + count, 0);
console.log(`${client.sent} requests in ${seconds.toFixed(1)} s, ${failed} of them answered with a 5xx`);
if (failed > 0) process.exitCode = 1;
