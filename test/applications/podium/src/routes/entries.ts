import { Hono } from 'hono';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { pool } from '../db.js';
import { mysqlCode, refuse } from '../errors.js';
import { ulidSchema, valid } from '../validation.js';

const seasonParam = valid('param', z.object({ seasonId: ulidSchema }));
const entryParam = valid('param', z.object({ seasonId: ulidSchema, playerId: ulidSchema }));

export const entries = new Hono()
  .post('/:seasonId/entries', seasonParam, valid('json', z.object({ playerId: ulidSchema })), async (c) => {
    const { seasonId } = c.req.valid('param');
    const { playerId } = c.req.valid('json');
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const [seasons] = await connection.query<RowDataPacket[]>(
        'SELECT status, capacity, entry_fee FROM seasons WHERE id = ? FOR UPDATE',
        [seasonId],
      );
      const season = seasons[0] ?? refuse(404, 'no such season');
      if (season['status'] !== 'signup') refuse(409, 'sign-up is over');
      const [counted] = await connection.query<RowDataPacket[]>(
        'SELECT COUNT(*) AS players FROM entries WHERE season_id = ?',
        [seasonId],
      );
      if ((counted[0]?.['players'] as number) >= (season['capacity'] as number)) refuse(409, 'the season is full');

      const [players] = await connection.query<RowDataPacket[]>('SELECT coins FROM players WHERE id = ? FOR UPDATE', [
        playerId,
      ]);
      const player = players[0] ?? refuse(404, 'no such player');
      const fee = season['entry_fee'] as number;
      if ((player['coins'] as number) < fee) refuse(402, 'not enough coins');

      await connection.execute('INSERT INTO entries (season_id, player_id) VALUES (?, ?)', [seasonId, playerId]);
      if (fee > 0) {
        await connection.execute('UPDATE players SET coins = coins - ? WHERE id = ?', [fee, playerId]);
        await connection.execute('UPDATE seasons SET pot = pot + ? WHERE id = ?', [fee, seasonId]);
        await connection.execute(
          `INSERT INTO ledger (player_id, seq, amount, reason, season_id)
           SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, 'entry fee', ? FROM ledger WHERE player_id = ?`,
          [playerId, -fee, seasonId, playerId],
        );
      }
      await connection.commit();
      return c.json({ seasonId, playerId, rating: 1200 }, 201);
    } catch (error) {
      await connection.rollback();
      if (mysqlCode(error) === 'ER_DUP_ENTRY') refuse(409, 'the player has signed up already');
      throw error;
    } finally {
      connection.release();
    }
  })

  .delete('/:seasonId/entries/:playerId', entryParam, async (c) => {
    const { seasonId, playerId } = c.req.valid('param');
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const [seasons] = await connection.query<RowDataPacket[]>(
        'SELECT status, entry_fee FROM seasons WHERE id = ? FOR UPDATE',
        [seasonId],
      );
      const season = seasons[0] ?? refuse(404, 'no such season');
      if (season['status'] !== 'signup') refuse(409, 'sign-up is over');
      const [left] = await connection.execute<ResultSetHeader>(
        'DELETE FROM entries WHERE season_id = ? AND player_id = ?',
        [seasonId, playerId],
      );
      if (left.affectedRows === 0) refuse(404, 'no such entry');
      const fee = season['entry_fee'] as number;
      if (fee > 0) {
        await connection.execute('UPDATE seasons SET pot = pot - ? WHERE id = ?', [fee, seasonId]);
        await connection.execute('UPDATE players SET coins = coins + ? WHERE id = ?', [fee, playerId]);
        await connection.execute(
          `INSERT INTO ledger (player_id, seq, amount, reason, season_id)
           SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, 'refund', ? FROM ledger WHERE player_id = ?`,
          [playerId, fee, seasonId, playerId],
        );
      }
      await connection.commit();
      return c.body(null, 204);
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  });
