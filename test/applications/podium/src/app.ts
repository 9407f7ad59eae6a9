import { Hono } from 'hono';
import { pool } from './db.js';
import { onError } from './errors.js';
import { entries } from './routes/entries.js';
import { leaderboard } from './routes/leaderboard.js';
import { matches } from './routes/matches.js';
import { players } from './routes/players.js';
import { seasons } from './routes/seasons.js';
import { wallet } from './routes/wallet.js';

export const app = new Hono();

app.get('/health', async (c) => {
  await pool.query('SELECT 1');
  return c.json({ status: 'ok' });
});
app.route('/players', players);
app.route('/players', wallet);
app.route('/seasons', seasons);
app.route('/seasons', entries);
app.route('/seasons', matches);
app.route('/seasons', leaderboard);
app.notFound((c) => c.json({ error: 'no such route' }, 404));
app.onError(onError);
