import { Hono } from 'hono';
import type { RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { pool } from '../db.js';
import { refuse } from '../errors.js';
import { pageSchema, ulidSchema, valid } from '../validation.js';

const seasonParam = valid('param', z.object({ seasonId: ulidSchema }));
const entryParam = valid('param', z.object({ seasonId: ulidSchema, playerId: ulidSchema }));

export const leaderboard = new Hono()
  /** Equal ratings share a place, and the places after them stay empty. */
  .get('/:seasonId/leaderboard', seasonParam, valid('query', pageSchema), async (c) => {
    const { seasonId } = c.req.valid('param');
    const { limit, offset } = c.req.valid('query');
    const [rows] = await pool.query<RowDataPacket[]>(
      `SELECT RANK() OVER (ORDER BY e.rating DESC) AS place,
              RANK() OVER (PARTITION BY p.country ORDER BY e.rating DESC) AS countryPlace,
              p.handle, p.country, e.rating, e.won, e.drawn, e.lost, e.streak
         FROM entries e
         JOIN players p ON p.id = e.player_id
        WHERE e.season_id = ?
        ORDER BY e.rating DESC, p.handle
        LIMIT ? OFFSET ?`,
      [seasonId, limit, offset],
    );
    return c.json({ leaderboard: rows });
  })

  /** The player with up to two above and two below. */
  .get('/:seasonId/players/:playerId/rank', entryParam, async (c) => {
    const { seasonId, playerId } = c.req.valid('param');
    const [rows] = await pool.query<(RowDataPacket & { id: string; place: number; handle: string; rating: number })[]>(
      `WITH ranked AS (
         SELECT e.player_id, p.handle, e.rating,
                RANK() OVER (ORDER BY e.rating DESC) AS place,
                ROW_NUMBER() OVER (ORDER BY e.rating DESC, p.handle) AS line
           FROM entries e
           JOIN players p ON p.id = e.player_id
          WHERE e.season_id = ?
       )
       SELECT near.player_id AS id, near.place, near.handle, near.rating
         FROM ranked me
         JOIN ranked near ON near.line <= me.line + 2 AND me.line <= near.line + 2
        WHERE me.player_id = ?
        ORDER BY near.line`,
      [seasonId, playerId],
    );
    const own = rows.find(({ id }) => id === playerId) ?? refuse(404, 'no such entry');
    return c.json({
      place: own.place,
      rating: own.rating,
      around: rows.map(({ place, handle, rating }) => ({ place, handle, rating })),
    });
  })

  .get('/:seasonId/countries', seasonParam, async (c) => {
    const { seasonId } = c.req.valid('param');
    const [rows] = await pool.query<(RowDataPacket & { average: string })[]>(
      `SELECT p.country, COUNT(*) AS players, AVG(e.rating) AS average, MAX(e.rating) AS best
         FROM entries e
         JOIN players p ON p.id = e.player_id
        WHERE e.season_id = ? AND p.country IS NOT NULL
        GROUP BY p.country
       HAVING COUNT(*) > 1
        ORDER BY average DESC, p.country`,
      [seasonId],
    );
    return c.json({ countries: rows });
  });
