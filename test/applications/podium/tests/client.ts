import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';

const url = process.env['PODIUM_URL'] ?? '';
const organiserKey = process.env['PODIUM_ORGANISER_KEY'] ?? '';
if (url === '' || organiserKey === '') {
  throw new Error('set PODIUM_URL (of a running server) and PODIUM_ORGANISER_KEY to run the tests');
}

export interface Reply {
  status: number;
  body: any;
}

export async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

export const get = (path: string) => send('GET', path);
export const post = (path: string, body?: unknown) => send('POST', path, body);
export const organise = (path: string, body?: unknown) => send('POST', path, body, { 'x-organiser-key': organiserKey });

/** A ULID that no one will ever be given. */
export const NOBODY = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ';

const run = randomBytes(4).toString('hex');
let counter = 0;

/** Handles of this run, in the order in which they were made. */
export function unique(prefix = 'p'): string {
  counter += 1;
  return `${prefix}-${run}-${String(counter).padStart(4, '0')}`;
}

export async function makePlayer(fields: Record<string, unknown> = {}, coins = 0): Promise<string> {
  const reply = await post('/players', { handle: unique(), ...fields });
  expect(reply.status).toBe(201);
  const id = reply.body.id as string;
  if (coins > 0) expect((await post(`/players/${id}/deposits`, { coins })).status).toBe(201);
  return id;
}

export async function makeSeason(fields: Record<string, unknown> = {}): Promise<string> {
  const reply = await organise('/seasons', { name: 'Cup', capacity: 10, ...fields });
  expect(reply.status).toBe(201);
  return reply.body.id as string;
}

export const enter = (season: string, playerId: string) => post(`/seasons/${season}/entries`, { playerId });

/** A running season of new players, one of each country given. */
export async function runningSeason(
  countries: (string | null)[] = [null, null],
): Promise<{ season: string; players: string[] }> {
  const season = await makeSeason();
  const players: string[] = [];
  for (const country of countries) players.push(await makePlayer({ country }));
  for (const player of players) expect((await enter(season, player)).status).toBe(201);
  expect((await organise(`/seasons/${season}/start`)).status).toBe(200);
  return { season, players };
}

export const play = (season: string, homeId = '', awayId = '', homeScore = 1, awayScore = 0) =>
  post(`/seasons/${season}/matches`, { homeId, awayId, homeScore, awayScore });
