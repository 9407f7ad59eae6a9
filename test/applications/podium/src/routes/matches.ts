import { Hono } from 'hono';
import type { RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { moment, pool } from '../db.js';
import { swing } from '../elo.js';
import { mysqlCode, refuse } from '../errors.js';
import { cursorSchema, newId, ulidSchema, valid } from '../validation.js';

const seasonParam = valid('param', z.object({ seasonId: ulidSchema }));
const score = z.number().int().min(0).max(99);
const matchBody = z.object({
  id: ulidSchema.optional(),
  homeId: ulidSchema,
  awayId: ulidSchema,
  homeScore: score,
  awayScore: score,
});

interface MatchRow extends RowDataPacket {
  id: string;
  home: string;
  away: string;
  home_score: number;
  away_score: number;
  swing: number;
  played_at: string;
}

export const matches = new Hono()
  .post('/:seasonId/matches', seasonParam, valid('json', matchBody), async (c) => {
    const { seasonId } = c.req.valid('param');
    const { id = newId(), homeId, awayId, homeScore, awayScore } = c.req.valid('json');
    if (homeId === awayId) refuse(400, 'awayId: nobody plays against themselves');
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      // Shared: many matches of a season may be entered at once, but none while it starts or closes.
      const [seasons] = await connection.query<RowDataPacket[]>('SELECT status FROM seasons WHERE id = ? FOR SHARE', [
        seasonId,
      ]);
      const season = seasons[0] ?? refuse(404, 'no such season');
      if (season['status'] !== 'running') refuse(409, 'the season does not run');
      const ratings = new Map<string, number>();
      // Always in the same order, so that two matches of the same players never wait for each other.
      for (const playerId of [homeId, awayId].toSorted()) {
        const [entered] = await connection.query<(RowDataPacket & { rating: number })[]>(
          'SELECT rating FROM entries WHERE season_id = ? AND player_id = ? FOR UPDATE',
          [seasonId, playerId],
        );
        const entry = entered[0] ?? refuse(409, 'both must play in the season');
        ratings.set(playerId, entry.rating);
      }
      const homeRating = ratings.get(homeId) ?? 0;
      const awayRating = ratings.get(awayId) ?? 0;

      const result = homeScore > awayScore ? 1 : homeScore < awayScore ? 0 : 0.5;
      const gain = swing(homeRating, awayRating, result);
      await connection.execute(
        `INSERT INTO matches (id, season_id, home_id, away_id, home_score, away_score, swing)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [id, seasonId, homeId, awayId, homeScore, awayScore, gain],
      );
      const sides = [
        { playerId: homeId, gain, result },
        { playerId: awayId, gain: -gain, result: 1 - result },
      ];
      for (const side of sides) {
        await connection.execute(
          `UPDATE entries
              SET rating = rating + ?,
                  won = won + ?,
                  drawn = drawn + ?,
                  lost = lost + ?,
                  streak = CASE WHEN ? = 1 THEN streak + 1 ELSE 0 END
            WHERE season_id = ? AND player_id = ?`,
          [
            side.gain,
            side.result === 1 ? 1 : 0,
            side.result === 0.5 ? 1 : 0,
            side.result === 0 ? 1 : 0,
            side.result,
            seasonId,
            side.playerId,
          ],
        );
      }
      await connection.commit();
      return c.json({ id, swing: gain, homeRating: homeRating + gain, awayRating: awayRating - gain }, 201);
    } catch (error) {
      await connection.rollback();
      if (mysqlCode(error) === 'ER_DUP_ENTRY') refuse(409, 'the match was entered already');
      throw error;
    } finally {
      connection.release();
    }
  })

  .get(
    '/:seasonId/matches',
    seasonParam,
    valid('query', cursorSchema.extend({ playerId: ulidSchema.optional() })),
    async (c) => {
      const { seasonId } = c.req.valid('param');
      const { limit, before, playerId } = c.req.valid('query');
      const conditions = ['m.season_id = ?'];
      const values: (string | number)[] = [seasonId];
      if (before !== undefined) {
        conditions.push('m.id < ?');
        values.push(before);
      }
      if (playerId !== undefined) {
        conditions.push('(m.home_id = ? OR m.away_id = ?)');
        values.push(playerId, playerId);
      }
      const [rows] = await pool.query<MatchRow[]>(
        `SELECT m.id, h.handle AS home, a.handle AS away, m.home_score, m.away_score, m.swing, m.played_at
           FROM matches m
           JOIN players h ON h.id = m.home_id
           JOIN players a ON a.id = m.away_id
          WHERE ${conditions.join(' AND ')}
          ORDER BY m.id DESC
          LIMIT ?`,
        [...values, limit],
      );
      return c.json({
        matches: rows.map((row) => ({
          id: row.id,
          home: row.home,
          away: row.away,
          score: [row.home_score, row.away_score],
          swing: row.swing,
          playedAt: moment(row.played_at),
        })),
        next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
      });
    },
  );
