import { describe, expect, test } from 'vitest';
import {
  enter,
  get,
  makePlayer,
  makeSeason,
  NOBODY,
  organise,
  play,
  post,
  runningSeason,
  send,
  unique,
} from './client.js';

describe('seasons', () => {
  test('only organisers make, start and close seasons', async () => {
    expect((await post('/seasons', { name: 'Cup', capacity: 4 })).status).toBe(401);
    const season = await makeSeason();
    expect((await post(`/seasons/${season}/start`)).status).toBe(401);
    expect((await send('POST', `/seasons/${season}/close`, undefined, { 'x-organiser-key': 'guess' })).status).toBe(
      401,
    );
  });

  test('a new season is open for sign-up and empty', async () => {
    const name = unique('cup');
    const id = await makeSeason({ name, capacity: 4, entryFee: 15 });
    const { body } = await get(`/seasons/${id}`);
    expect(body).toMatchObject({ id, name, status: 'signup', capacity: 4, entryFee: 15, pot: 0, players: 0 });
    expect((await organise('/seasons', { id, name, capacity: 4 })).status).toBe(409);
    expect((await get(`/seasons/${NOBODY}`)).status).toBe(404);
  });

  test.each([
    { name: '  ', capacity: 4 },
    { name: 'Cup', capacity: 1 },
    { name: 'Cup', capacity: 4, entryFee: -1 },
  ])('%j is refused', async (body) => {
    expect((await organise('/seasons', body)).status).toBe(400);
  });

  test('seasons are listed by status, newest first, page by page', async () => {
    const [first, second] = [await makeSeason(), await makeSeason()];
    await enter(second, await makePlayer());
    const { body } = await get('/seasons?status=signup&limit=2');
    const listed = body.seasons as { id: string; players: number }[];
    expect(listed.map(({ id, players }) => [id, players])).toEqual([
      [second, 1],
      [first, 0],
    ]);
    const next = (await get(`/seasons?status=signup&limit=1&before=${second}`)).body;
    expect(next.seasons[0].id).toBe(first);
    expect((await get('/seasons?status=lost')).status).toBe(400);
  });

  test('a season starts once, with two players or more', async () => {
    const season = await makeSeason();
    await enter(season, await makePlayer());
    expect(await organise(`/seasons/${season}/start`)).toEqual({
      status: 409,
      body: { error: 'a season needs two players' },
    });
    await enter(season, await makePlayer());
    expect((await organise(`/seasons/${season}/start`)).body).toMatchObject({ status: 'running', players: 2 });
    expect((await organise(`/seasons/${season}/start`)).body).toEqual({ error: 'the season is running already' });
    expect((await organise(`/seasons/${NOBODY}/start`)).status).toBe(404);
  });

  test('the pot goes to the first three, what rounding leaves to the first', async () => {
    const season = await makeSeason({ entryFee: 11 });
    const players: string[] = [];
    for (let index = 0; index < 4; index += 1) players.push(await makePlayer({}, 11));
    for (const player of players) await enter(season, player);
    expect((await get(`/seasons/${season}`)).body.pot).toBe(44);
    await organise(`/seasons/${season}/start`);
    await play(season, players[3], players[0]);
    const { status, body } = await organise(`/seasons/${season}/close`);
    expect(status).toBe(200);
    expect((body.prizes as { coins: number }[]).map(({ coins }) => coins)).toEqual([23, 13, 8]);
    expect((await get(`/players/${String(players[3])}`)).body.coins).toBe(23);
    expect((await get(`/players/${String(players[3])}/ledger`)).body.lines[0]).toMatchObject({
      amount: 23,
      reason: 'prize',
    });
    expect((await get(`/players/${String(players[0])}`)).body.coins).toBe(0);
  });

  test('a closed season stays closed', async () => {
    const { season, players } = await runningSeason();
    expect((await organise(`/seasons/${season}/close`)).body.prizes).toHaveLength(2);
    expect(await organise(`/seasons/${season}/close`)).toEqual({
      status: 409,
      body: { error: 'the season does not run' },
    });
    expect((await play(season, players[0], players[1])).status).toBe(409);
    expect((await get(`/seasons/${season}`)).body.status).toBe('closed');
  });
});

describe('entries', () => {
  test('a player signs up once', async () => {
    const season = await makeSeason();
    const player = await makePlayer();
    expect((await enter(season, player)).body).toEqual({ seasonId: season, playerId: player, rating: 1200 });
    expect(await enter(season, player)).toEqual({
      status: 409,
      body: { error: 'the player has signed up already' },
    });
    expect((await enter(season, NOBODY)).body).toEqual({ error: 'no such player' });
    expect((await enter(NOBODY, player)).body).toEqual({ error: 'no such season' });
  });

  test('who has too few coins stays out, and keeps them', async () => {
    const season = await makeSeason({ entryFee: 50 });
    const player = await makePlayer({}, 49);
    expect(await enter(season, player)).toEqual({ status: 402, body: { error: 'not enough coins' } });
    expect((await get(`/players/${player}`)).body.coins).toBe(49);
    expect((await get(`/seasons/${season}`)).body).toMatchObject({ pot: 0, players: 0 });
  });

  test('the last free place is given once, however many want it', async () => {
    const season = await makeSeason({ capacity: 3 });
    const players = await Promise.all(Array.from({ length: 8 }, () => makePlayer()));
    const replies = await Promise.all(players.map((player) => enter(season, player)));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(replies.find(({ status }) => status !== 201)?.body).toEqual({ error: 'the season is full' });
    expect((await get(`/seasons/${season}`)).body.players).toBe(3);
  });

  test('who leaves before the start gets the fee back, once', async () => {
    const season = await makeSeason({ entryFee: 20 });
    const player = await makePlayer({}, 25);
    await enter(season, player);
    expect((await send('DELETE', `/seasons/${season}/entries/${player}`)).status).toBe(204);
    expect((await send('DELETE', `/seasons/${season}/entries/${player}`)).status).toBe(404);
    expect((await get(`/players/${player}`)).body.coins).toBe(25);
    expect((await get(`/players/${player}/ledger`)).body.lines[0]).toMatchObject({ amount: 20, reason: 'refund' });
    expect((await get(`/seasons/${season}`)).body.pot).toBe(0);
  });

  test('nobody enters or leaves a running season', async () => {
    const { season, players } = await runningSeason();
    expect((await enter(season, await makePlayer())).body).toEqual({ error: 'sign-up is over' });
    expect((await send('DELETE', `/seasons/${season}/entries/${String(players[0])}`)).status).toBe(409);
    expect((await send('DELETE', `/seasons/${NOBODY}/entries/${String(players[0])}`)).status).toBe(404);
  });
});
