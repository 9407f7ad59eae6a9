import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    requests: { type: 'string', default: '300' },
    seed: { type: 'string', default: '7' },
  },
});
const organiserKey = process.env['PODIUM_ORGANISER_KEY'] ?? process.env['ORGANISER_KEY'] ?? '';

/** xorshift32: the same seed gives the same visitors. */
let state = Number(options.seed) * 2654435761 || 1;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}
const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;

let made = 0;
/** Ids of the client's own, so that a request can be sent again. */
function newId(): string {
  made += 1;
  return `01J${String(made).padStart(23, '0')}`;
}

const counts = new Map<string, number>();
let sent = 0;
async function send(method: string, path: string, body?: unknown): Promise<number> {
  sent += 1;
  const headers: Record<string, string> = { 'x-organiser-key': organiserKey };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(`${options.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  const route = path.replace(/\?.*/, '').replace(/\/[0-9A-Z]{26}/g, '/:id');
  const key = `${`${method} ${route}`.padEnd(40)} ${response.status}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (response.status >= 500) process.exitCode = 1;
  return response.status;
}

const seeded = Array.from({ length: 12 }, (_, index) => `01HP${String(index).padStart(22, '0')}`);
const players = [...seeded];
const signup: string[] = [];
/** Runs as long as the traffic, with all seeded players in it. */
const springCup = `01HS${'2'.padStart(22, '0')}`;
const running: string[] = [];
const closed = [`01HS${'1'.padStart(22, '0')}`];
const entered: [season: string, player: string][] = [[springCup, pick(players)]];
const anySeason = (): string => pick([springCup, ...signup, ...running, ...closed]);

async function join(): Promise<void> {
  const id = newId();
  const name = `visitor-${String(made)}`;
  if ((await send('POST', '/players', { id, handle: name, country: pick(['NL', 'PT', null]) })) === 201)
    players.push(id);
}

async function organise(): Promise<void> {
  const id = newId();
  const body = { id, name: `Cup ${String(made)}`, capacity: 4 + random(4), entryFee: pick([0, 10, 60]) };
  if ((await send('POST', '/seasons', body)) === 201) signup.push(id);
}

async function enter(): Promise<void> {
  const season = signup[0] ?? anySeason();
  const playerId = pick(players);
  if ((await send('POST', `/seasons/${season}/entries`, { playerId })) === 201) entered.push([season, playerId]);
}

async function leave(): Promise<void> {
  const [season, player] = entered.findLast(([season]) => signup.includes(season)) ?? pick(entered);
  await send('DELETE', `/seasons/${season}/entries/${player}`);
}

async function rank(): Promise<void> {
  const [season, player] = pick(entered);
  await send('GET', `/seasons/${season}/players/${pick([player, pick(players)])}/rank`);
}

async function move(from: string[], to: string[], verb: string): Promise<void> {
  const season = from[0];
  if (season === undefined) return;
  if ((await send('POST', `/seasons/${season}/${verb}`)) !== 200) return;
  to.push(season);
  from.shift();
}

/** Each action as often as it stands here. */
const actions: (() => Promise<unknown>)[] = [
  join,
  organise,
  () => (signup.length > 3 ? move(signup, running, 'start') : organise()),
  () => (running.length > 0 ? move(running, closed, 'close') : organise()),
  () => send('GET', `/players/${pick(players)}`),
  () => send('GET', `/players?handle=${pick(['pla', 'visitor-1', 'zzz', '%25'])}`),
  () =>
    send('PATCH', `/players/${pick(players)}`, pick([{ country: 'KE' }, { country: null }, { handle: 'player-001' }])),
  () => send('POST', `/players/${pick(players)}/deposits`, { reference: newId(), coins: 1 + random(90) }),
  () => send('POST', `/players/${pick(players)}/deposits`, { coins: random(3) }),
  () => send('GET', `/players/${pick(players)}/ledger?limit=${String(1 + random(5))}`),
  () => send('GET', `/seasons?status=${pick(['signup', 'running', 'closed', 'lost'])}&limit=5`),
  () => send('GET', `/seasons/${anySeason()}`),
  ...Array<() => Promise<unknown>>(4).fill(() => enter()),
  () => leave(),
  ...Array<() => Promise<unknown>>(4).fill(() =>
    send('POST', `/seasons/${pick([springCup, springCup, ...running])}/matches`, {
      id: newId(),
      homeId: pick(seeded),
      awayId: pick(seeded),
      homeScore: random(4),
      awayScore: random(4),
    }),
  ),
  () => send('GET', `/seasons/${anySeason()}/matches?limit=6`),
  () => send('GET', `/seasons/${anySeason()}/matches?playerId=${pick(players)}`),
  () => send('GET', `/seasons/${anySeason()}/leaderboard?limit=${String(3 + random(20))}&offset=${String(random(4))}`),
  () => rank(),
  () => send('GET', `/seasons/${anySeason()}/countries`),
];

while (sent < Number(options.requests)) await pick(actions)();
for (const [key, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${key} × ${count}`);
console.log(`${sent} requests`);
