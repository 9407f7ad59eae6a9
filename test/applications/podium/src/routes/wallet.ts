import { Hono } from 'hono';
import type { RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { moment, pool } from '../db.js';
import { refuse } from '../errors.js';
import { newId, ulidSchema, valid } from '../validation.js';

const playerParam = valid('param', z.object({ playerId: ulidSchema }));
const deposit = z.object({ reference: ulidSchema.optional(), coins: z.number().int().min(1).max(1_000_000) });
const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.coerce.number().int().min(1).default(4_294_967_295),
});

interface LedgerRow extends RowDataPacket {
  seq: number;
  amount: number;
  reason: string;
  season: string | null;
  created_at: string;
}

export const wallet = new Hono()
  .post('/:playerId/deposits', playerParam, valid('json', deposit), async (c) => {
    const { playerId } = c.req.valid('param');
    const { coins, reference = newId() } = c.req.valid('json');
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const [players] = await connection.query<RowDataPacket[]>('SELECT coins FROM players WHERE id = ? FOR UPDATE', [
        playerId,
      ]);
      const player = players[0] ?? refuse(404, 'no such player');
      const [known] = await connection.query<RowDataPacket[]>(
        'SELECT player_id, amount FROM ledger WHERE reference = ? FOR SHARE',
        [reference],
      );
      if (known[0] !== undefined) {
        if (known[0]['player_id'] !== playerId || known[0]['amount'] !== coins) {
          refuse(409, 'the reference was used for another deposit');
        }
        await connection.rollback();
        return c.json({ coins: player['coins'] as number });
      }
      await connection.execute('UPDATE players SET coins = coins + ? WHERE id = ?', [coins, playerId]);
      await connection.execute(
        `INSERT INTO ledger (player_id, seq, amount, reason, reference)
         SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, 'deposit', ? FROM ledger WHERE player_id = ?`,
        [playerId, coins, reference, playerId],
      );
      await connection.commit();
      return c.json({ coins: (player['coins'] as number) + coins }, 201);
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  })

  .get('/:playerId/ledger', playerParam, valid('query', page), async (c) => {
    const { playerId } = c.req.valid('param');
    const { limit, before } = c.req.valid('query');
    const [players] = await pool.query<RowDataPacket[]>('SELECT coins FROM players WHERE id = ?', [playerId]);
    const player = players[0] ?? refuse(404, 'no such player');
    const [rows] = await pool.query<LedgerRow[]>(
      `SELECT l.seq, l.amount, l.reason, s.name AS season, l.created_at
         FROM ledger l
         LEFT JOIN seasons s ON s.id = l.season_id
        WHERE l.player_id = ? AND l.seq < ?
        ORDER BY l.seq DESC
        LIMIT ?`,
      [playerId, before, limit],
    );
    return c.json({
      coins: player['coins'] as number,
      lines: rows.map(({ created_at, ...line }) => ({ ...line, at: moment(created_at) })),
      next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null,
    });
  });
