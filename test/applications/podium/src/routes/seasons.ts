import { Hono } from 'hono';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { moment, pool } from '../db.js';
import { mysqlCode, refuse } from '../errors.js';
import { organiserOnly } from '../organiser.js';
import { cursorSchema, newId, ulidSchema, valid } from '../validation.js';

const status = z.enum(['signup', 'running', 'closed']);
const seasonParam = valid('param', z.object({ seasonId: ulidSchema }));
const seasonBody = z.object({
  id: ulidSchema.optional(),
  name: z.string().trim().min(1).max(80),
  capacity: z.number().int().min(2).max(1000),
  entryFee: z.number().int().min(0).max(100_000).default(0),
});

/** What the first three get of the pot, in percent; what rounding leaves over goes to the first. */
const SHARES = [50, 30, 20];

interface SeasonRow extends RowDataPacket {
  id: string;
  name: string;
  status: string;
  capacity: number;
  entry_fee: number;
  pot: number;
  created_at: string;
  updated_at: string;
  players: number;
}

function show(row: SeasonRow) {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    capacity: row.capacity,
    entryFee: row.entry_fee,
    pot: row.pot,
    players: row.players,
    createdAt: moment(row.created_at),
    updatedAt: moment(row.updated_at),
  };
}

async function read(id: string): Promise<SeasonRow> {
  const [rows] = await pool.query<SeasonRow[]>(
    `SELECT s.*, (SELECT COUNT(*) FROM entries e WHERE e.season_id = s.id) AS players
       FROM seasons s
      WHERE s.id = ?`,
    [id],
  );
  return rows[0] ?? refuse(404, 'no such season');
}

export const seasons = new Hono()
  .post('/', organiserOnly, valid('json', seasonBody), async (c) => {
    const { id = newId(), name, capacity, entryFee } = c.req.valid('json');
    try {
      await pool.execute('INSERT INTO seasons (id, name, capacity, entry_fee) VALUES (?, ?, ?, ?)', [
        id,
        name,
        capacity,
        entryFee,
      ]);
    } catch (error) {
      if (mysqlCode(error) !== 'ER_DUP_ENTRY') throw error;
      refuse(409, 'the id is taken');
    }
    return c.json(show(await read(id)), 201);
  })

  .get('/', valid('query', cursorSchema.extend({ status: status.default('running') })), async (c) => {
    const { status, limit, before = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ' } = c.req.valid('query');
    const [rows] = await pool.query<SeasonRow[]>(
      `SELECT s.id, s.name, s.status, s.capacity, s.entry_fee, s.pot, s.created_at, s.updated_at,
              COUNT(e.player_id) AS players
         FROM seasons s
         LEFT JOIN entries e ON e.season_id = s.id
        WHERE s.status = ? AND s.id < ?
        GROUP BY s.id
        ORDER BY s.id DESC
        LIMIT ?`,
      [status, before, limit],
    );
    return c.json({ seasons: rows.map(show), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null });
  })

  .get('/:seasonId', seasonParam, async (c) => c.json(show(await read(c.req.valid('param').seasonId))))

  .post('/:seasonId/start', organiserOnly, seasonParam, async (c) => {
    const { seasonId } = c.req.valid('param');
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const [seasons] = await connection.query<RowDataPacket[]>('SELECT status FROM seasons WHERE id = ? FOR UPDATE', [
        seasonId,
      ]);
      const season = seasons[0] ?? refuse(404, 'no such season');
      if (season['status'] !== 'signup') refuse(409, `the season is ${String(season['status'])} already`);
      const [counted] = await connection.query<RowDataPacket[]>(
        'SELECT COUNT(*) AS players FROM entries WHERE season_id = ?',
        [seasonId],
      );
      if ((counted[0]?.['players'] as number) < 2) refuse(409, 'a season needs two players');
      await connection.execute("UPDATE seasons SET status = 'running' WHERE id = ?", [seasonId]);
      await connection.commit();
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
    return c.json(show(await read(seasonId)));
  })

  .post('/:seasonId/close', organiserOnly, seasonParam, async (c) => {
    const { seasonId } = c.req.valid('param');
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const [closed] = await connection.execute<ResultSetHeader>(
        "UPDATE seasons SET status = 'closed' WHERE id = ? AND status = 'running'",
        [seasonId],
      );
      if (closed.affectedRows === 0) refuse(409, 'the season does not run');
      const [pots] = await connection.query<RowDataPacket[]>('SELECT pot FROM seasons WHERE id = ?', [seasonId]);
      const pot = pots[0]?.['pot'] as number;
      const [winners] = await connection.query<(RowDataPacket & { id: string; handle: string })[]>(
        `SELECT p.id, p.handle
           FROM entries e
           JOIN players p ON p.id = e.player_id
          WHERE e.season_id = ?
          ORDER BY e.rating DESC, e.won DESC, p.handle
          LIMIT 3
            FOR UPDATE`,
        [seasonId],
      );
      const prizes = winners.map((_, place) => Math.floor((pot * (SHARES[place] ?? 0)) / 100));
      prizes[0] = (prizes[0] ?? 0) + pot - prizes.reduce((sum, prize) => sum + prize, 0);
      for (const [place, winner] of winners.entries()) {
        const prize = prizes[place] ?? 0;
        if (prize === 0) continue;
        await connection.execute('UPDATE players SET coins = coins + ? WHERE id = ?', [prize, winner.id]);
        await connection.execute(
          `INSERT INTO ledger (player_id, seq, amount, reason, season_id)
           SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, 'prize', ? FROM ledger WHERE player_id = ?`,
          [winner.id, prize, seasonId, winner.id],
        );
      }
      await connection.commit();
      return c.json({ prizes: winners.map(({ handle }, place) => ({ handle, coins: prizes[place] ?? 0 })) });
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  });
