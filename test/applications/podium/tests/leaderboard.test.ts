import { describe, expect, test } from 'vitest';
import { ulid } from 'ulid';
import { get, makePlayer, makeSeason, NOBODY, play, post, runningSeason } from './client.js';

describe('matches', () => {
  test('a win moves rating from the loser to the winner', async () => {
    const { season, players } = await runningSeason();
    const [home, away] = players;
    const { status, body } = await play(season, home, away, 3, 1);
    expect(status).toBe(201);
    expect(body).toMatchObject({ swing: 16, homeRating: 1216, awayRating: 1184 });
    expect((await get(`/players/${String(home)}`)).body.record).toEqual({
      seasons: 1,
      won: 1,
      drawn: 0,
      lost: 0,
      bestRating: 1216,
    });
  });

  test('a draw pays the weaker one', async () => {
    const { season, players } = await runningSeason();
    await play(season, players[0], players[1], 1, 0);
    expect((await play(season, players[0], players[1], 2, 2)).body).toMatchObject({
      swing: -1,
      homeRating: 1215,
      awayRating: 1185,
    });
  });

  test('a match is entered once', async () => {
    const { season, players } = await runningSeason();
    const match = { id: ulid(), homeId: players[0], awayId: players[1], homeScore: 0, awayScore: 1 };
    expect((await post(`/seasons/${season}/matches`, match)).status).toBe(201);
    expect((await post(`/seasons/${season}/matches`, match)).body).toEqual({ error: 'the match was entered already' });
    expect((await get(`/seasons/${season}/leaderboard`)).body.leaderboard[0]).toMatchObject({ rating: 1216, won: 1 });
  });

  test('strangers, oneself and impossible scores are refused', async () => {
    const { season, players } = await runningSeason();
    expect((await play(season, players[0], await makePlayer())).body).toEqual({
      error: 'both must play in the season',
    });
    expect((await play(season, players[0], players[0])).status).toBe(400);
    expect((await play(season, players[0], players[1], 100)).status).toBe(400);
    expect((await play(await makeSeason(), players[0], players[1])).status).toBe(409);
    expect((await play(NOBODY, players[0], players[1])).status).toBe(404);
  });

  test('matches at once lose no result', async () => {
    const { season, players } = await runningSeason();
    const replies = await Promise.all(Array.from({ length: 6 }, () => play(season, players[0], players[1])));
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(201));
    const [first, last] = (await get(`/seasons/${season}/leaderboard`)).body.leaderboard;
    expect(first).toMatchObject({ won: 6, lost: 0, streak: 6 });
    expect(last).toMatchObject({ won: 0, lost: 6, streak: 0 });
    expect(first.rating + last.rating).toBe(2400);
  });

  test('matches are listed newest first, for all or one player, page by page', async () => {
    const { season, players } = await runningSeason([null, null, null]);
    const [a, b, c] = players;
    await play(season, a, b, 1, 0);
    await play(season, b, c, 2, 0);
    await play(season, c, a, 3, 0);
    const all = (await get(`/seasons/${season}/matches`)).body;
    expect((all.matches as { score: number[] }[]).map(({ score }) => score[0])).toEqual([3, 2, 1]);
    expect(all.next).toBeNull();
    const page = (await get(`/seasons/${season}/matches?limit=2`)).body;
    const rest = (await get(`/seasons/${season}/matches?limit=2&before=${String(page.next)}`)).body;
    expect((rest.matches as { score: number[] }[]).map(({ score }) => score[0])).toEqual([1]);
    const own = (await get(`/seasons/${season}/matches?playerId=${String(a)}`)).body.matches as { score: number[] }[];
    expect(own.map(({ score }) => score[0])).toEqual([3, 1]);
  });
});

describe('leaderboard', () => {
  test('equal ratings share a place, and the next place stays empty', async () => {
    const { season, players } = await runningSeason(['NL', 'PT', 'NL', null]);
    await play(season, players[0], players[3]);
    await play(season, players[2], players[1], 1, 1);
    const rows = (await get(`/seasons/${season}/leaderboard`)).body.leaderboard as Record<string, unknown>[];
    expect(rows.map(({ place, rating }) => [place, rating])).toEqual([
      [1, 1216],
      [2, 1200],
      [2, 1200],
      [4, 1184],
    ]);
    expect(rows.map(({ countryPlace }) => countryPlace)).toEqual([1, 1, 2, 1]);
  });

  test('a page of the leaderboard keeps the places of the whole', async () => {
    const { season, players } = await runningSeason([null, null, null]);
    await play(season, players[0], players[1]);
    const rows = (await get(`/seasons/${season}/leaderboard?limit=1&offset=2`)).body.leaderboard as unknown[];
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ place: 3, rating: 1184 });
    expect((await get(`/seasons/${season}/leaderboard?limit=0`)).status).toBe(400);
    expect((await get(`/seasons/${NOBODY}/leaderboard`)).body).toEqual({ leaderboard: [] });
  });

  test('a rank comes with up to two neighbours on each side', async () => {
    const { season, players } = await runningSeason([null, null, null, null, null, null]);
    for (const loser of players.slice(1)) await play(season, players[0], loser);
    const first = (await get(`/seasons/${season}/players/${String(players[0])}/rank`)).body;
    expect(first.place).toBe(1);
    expect(first.around).toHaveLength(3);
    const last = (await get(`/seasons/${season}/players/${String(players[1])}/rank`)).body;
    expect(last).toMatchObject({ place: 6, rating: 1184 });
    expect((last.around as { place: number }[]).map(({ place }) => place)).toEqual([4, 4, 6]);
    expect((await get(`/seasons/${season}/players/${NOBODY}/rank`)).status).toBe(404);
  });

  test('countries are compared by the average of two players or more', async () => {
    const { season, players } = await runningSeason(['NL', 'NL', 'PT', 'PT', 'JP', null]);
    await play(season, players[0], players[2]);
    expect((await get(`/seasons/${season}/countries`)).body).toEqual({
      countries: [
        { country: 'NL', players: 2, average: '1208.0000', best: 1216 },
        { country: 'PT', players: 2, average: '1192.0000', best: 1200 },
      ],
    });
  });
});
