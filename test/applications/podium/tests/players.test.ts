import { describe, expect, test } from 'vitest';
import { get, makePlayer, NOBODY, post, send, unique } from './client.js';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

describe('players', () => {
  test('the server is healthy', async () => {
    expect(await get('/health')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  test('an unknown route is told so', async () => {
    expect(await get('/nothing')).toEqual({ status: 404, body: { error: 'no such route' } });
  });

  test('a new player has no coins, and moments to the microsecond', async () => {
    const handle = unique();
    const { status, body } = await post('/players', { handle, country: 'NL' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ handle, country: 'NL', coins: 0 });
    expect(body.id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(body.createdAt).toMatch(MOMENT);
    expect(body.updatedAt).toBe(body.createdAt);
  });

  test('a client may choose the id, once', async () => {
    const id = await makePlayer();
    expect(await post('/players', { id, handle: unique() })).toEqual({
      status: 409,
      body: { error: 'the handle or the id is taken' },
    });
  });

  test('handles are taken whatever their case', async () => {
    const handle = unique('abc');
    await makePlayer({ handle });
    expect((await post('/players', { handle: handle.toUpperCase() })).status).toBe(409);
  });

  test.each([
    [{ handle: 'x' }, 'handle: 3 to 32 letters, digits, _ or -'],
    [{ handle: unique(), country: 'nl' }, 'country: two capital letters'],
    [{ handle: unique(), id: 'short' }, 'id: not a ULID'],
  ])('%j is refused', async (body, error) => {
    expect(await post('/players', body)).toEqual({ status: 400, body: { error } });
  });

  test('a player who never entered has an empty record', async () => {
    const { status, body } = await get(`/players/${await makePlayer()}`);
    expect(status).toBe(200);
    expect(body.record).toEqual({ seasons: 0, won: 0, drawn: 0, lost: 0, bestRating: null });
  });

  test('nobody is not found, and what is no ULID is not looked for', async () => {
    expect((await get(`/players/${NOBODY}`)).status).toBe(404);
    expect((await get('/players/7')).status).toBe(400);
  });

  test('a changed player has a later updatedAt; one that stays the same has not', async () => {
    const id = await makePlayer({ country: 'PT' });
    const before = (await get(`/players/${id}`)).body;
    const changed = (await send('PATCH', `/players/${id}`, { country: null })).body;
    expect(changed.country).toBeNull();
    expect(changed.createdAt).toBe(before.createdAt);
    expect(changed.updatedAt > before.updatedAt).toBe(true);
    const same = (await send('PATCH', `/players/${id}`, { country: null })).body;
    expect(same.updatedAt).toBe(changed.updatedAt);
  });

  test("another player's handle can't be taken over", async () => {
    const handle = unique();
    await makePlayer({ handle });
    const reply = await send('PATCH', `/players/${await makePlayer()}`, { handle });
    expect(reply).toEqual({ status: 409, body: { error: 'the handle is taken' } });
    expect((await send('PATCH', `/players/${NOBODY}`, { handle: unique() })).status).toBe(404);
  });

  test('players are found by the start of their handle, in order; wildcards are only letters', async () => {
    const start = unique('find');
    for (const end of ['c', 'a', 'B']) await makePlayer({ handle: `${start}${end}` });
    const found = (await get(`/players?handle=${start.toUpperCase()}`)).body.players as { handle: string }[];
    expect(found.map(({ handle }) => handle)).toEqual([`${start}a`, `${start}B`, `${start}c`]);
    expect((await get('/players?handle=%25%25')).body).toEqual({ players: [] });
  });
});
