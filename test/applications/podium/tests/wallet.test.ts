import { describe, expect, test } from 'vitest';
import { ulid } from 'ulid';
import { enter, get, makePlayer, makeSeason, NOBODY, post } from './client.js';

describe('wallet', () => {
  test('deposits add up', async () => {
    const id = await makePlayer();
    expect(await post(`/players/${id}/deposits`, { coins: 5 })).toEqual({ status: 201, body: { coins: 5 } });
    expect(await post(`/players/${id}/deposits`, { coins: 7 })).toEqual({ status: 201, body: { coins: 12 } });
    expect((await get(`/players/${id}`)).body.coins).toBe(12);
  });

  test('the same deposit sent twice counts once', async () => {
    const id = await makePlayer();
    const deposit = { reference: ulid(), coins: 9 };
    expect((await post(`/players/${id}/deposits`, deposit)).status).toBe(201);
    expect(await post(`/players/${id}/deposits`, deposit)).toEqual({ status: 200, body: { coins: 9 } });
    expect((await post(`/players/${id}/deposits`, { ...deposit, coins: 8 })).status).toBe(409);
    expect((await post(`/players/${await makePlayer()}/deposits`, deposit)).status).toBe(409);
    expect((await get(`/players/${id}`)).body.coins).toBe(9);
  });

  test.each([0, -1, 1.5, 1_000_001, '5'])('a deposit of %j is refused', async (coins) => {
    expect((await post(`/players/${await makePlayer()}/deposits`, { coins })).status).toBe(400);
  });

  test('deposits at once are all counted, each with a line of its own', async () => {
    const id = await makePlayer();
    const replies = await Promise.all(Array.from({ length: 8 }, () => post(`/players/${id}/deposits`, { coins: 3 })));
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(201));
    const { body } = await get(`/players/${id}/ledger`);
    expect(body.coins).toBe(24);
    expect((body.lines as { seq: number }[]).map(({ seq }) => seq)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('the ledger names the season of a fee and is read page by page', async () => {
    const id = await makePlayer({}, 100);
    const season = await makeSeason({ name: 'Paid Cup', entryFee: 30 });
    await enter(season, id);
    await post(`/players/${id}/deposits`, { coins: 1 });
    const first = (await get(`/players/${id}/ledger?limit=2`)).body;
    expect(first).toMatchObject({
      coins: 71,
      lines: [
        { seq: 3, amount: 1, reason: 'deposit', season: null },
        { seq: 2, amount: -30, reason: 'entry fee', season: 'Paid Cup' },
      ],
      next: 2,
    });
    const second = (await get(`/players/${id}/ledger?limit=2&before=2`)).body;
    expect(second).toMatchObject({ lines: [{ seq: 1, amount: 100 }], next: null });
  });

  test('nobody has no wallet', async () => {
    expect((await get(`/players/${NOBODY}/ledger`)).status).toBe(404);
    expect((await post(`/players/${NOBODY}/deposits`, { coins: 1 })).status).toBe(404);
  });
});
