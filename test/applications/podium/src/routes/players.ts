import { Hono } from 'hono';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { moment, pool } from '../db.js';
import { mysqlCode, refuse } from '../errors.js';
import { newId, ulidSchema, valid } from '../validation.js';

const handle = z.string().regex(/^[\w-]{3,32}$/, '3 to 32 letters, digits, _ or -');
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'two capital letters')
  .nullable();
const playerParam = valid('param', z.object({ playerId: ulidSchema }));

interface PlayerRow extends RowDataPacket {
  id: string;
  handle: string;
  country: string | null;
  coins: number;
  created_at: string;
  updated_at: string;
}

function show(row: PlayerRow) {
  return {
    id: row.id,
    handle: row.handle,
    country: row.country,
    coins: row.coins,
    createdAt: moment(row.created_at),
    updatedAt: moment(row.updated_at),
  };
}

async function read(id: string): Promise<PlayerRow> {
  const [rows] = await pool.query<PlayerRow[]>(
    'SELECT id, handle, country, coins, created_at, updated_at FROM players WHERE id = ?',
    [id],
  );
  return rows[0] ?? refuse(404, 'no such player');
}

export const players = new Hono()
  .post('/', valid('json', z.object({ id: ulidSchema.optional(), handle, country: country.optional() })), async (c) => {
    const body = c.req.valid('json');
    const id = body.id ?? newId();
    try {
      await pool.execute('INSERT INTO players (id, handle, country) VALUES (?, ?, ?)', [
        id,
        body.handle,
        body.country ?? null,
      ]);
    } catch (error) {
      if (mysqlCode(error) !== 'ER_DUP_ENTRY') throw error;
      refuse(409, 'the handle or the id is taken');
    }
    return c.json(show(await read(id)), 201);
  })

  .get('/', valid('query', z.object({ handle: z.string().min(2).max(32) })), async (c) => {
    const start = c.req.valid('query').handle.replace(/[\\%_]/g, '\\$&');
    const [rows] = await pool.query<RowDataPacket[]>(
      'SELECT id, handle, country FROM players WHERE handle LIKE ? ORDER BY handle LIMIT 20',
      [`${start}%`],
    );
    return c.json({ players: rows });
  })

  .get('/:playerId', playerParam, async (c) => {
    const { playerId } = c.req.valid('param');
    const player = await read(playerId);
    const [totals] = await pool.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS seasons, COALESCE(SUM(won), 0) AS won, COALESCE(SUM(drawn), 0) AS drawn,
              COALESCE(SUM(lost), 0) AS lost, MAX(rating) AS bestRating
         FROM entries
        WHERE player_id = ?`,
      [playerId],
    );
    const record = totals[0];
    return c.json({
      ...show(player),
      record: {
        seasons: Number(record?.['seasons']),
        won: Number(record?.['won']),
        drawn: Number(record?.['drawn']),
        lost: Number(record?.['lost']),
        bestRating: (record?.['bestRating'] ?? null) as number | null,
      },
    });
  })

  .patch(
    '/:playerId',
    playerParam,
    valid('json', z.object({ handle: handle.optional(), country: country.optional() })),
    async (c) => {
      const { playerId } = c.req.valid('param');
      const body = c.req.valid('json');
      const before = await read(playerId);
      try {
        await pool.execute<ResultSetHeader>('UPDATE players SET handle = ?, country = ? WHERE id = ?', [
          body.handle ?? before.handle,
          body.country === undefined ? before.country : body.country,
          playerId,
        ]);
      } catch (error) {
        if (mysqlCode(error) !== 'ER_DUP_ENTRY') throw error;
        refuse(409, 'the handle is taken');
      }
      return c.json(show(await read(playerId)));
    },
  );
