import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';

const { values: options } = parseArgs({
  options: { reset: { type: 'boolean', default: false }, players: { type: 'string', default: '40' } },
});
const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) throw new Error('DATABASE_URL must be set, such as mysql://user@127.0.0.1:3306/podium');
const count = Number(options.players);
if (!Number.isInteger(count) || count < 12 || count > 999) throw new Error('--players must be from 12 to 999');

const COUNTRIES = ['NL', 'PT', 'JP', 'CA', 'KE', null];

/** A ULID that tells what it names and sorts by its number. */
const id = (kind: string, number: number): string => `01H${kind}${String(number).padStart(22, '0')}`;

const players = Array.from({ length: count }, (_, index) => [
  id('P', index),
  `player-${String(index).padStart(3, '0')}`,
  COUNTRIES[index % COUNTRIES.length] ?? null,
  (index * 37) % 500,
]);
const seasons = [
  [id('S', 1), 'Winter Cup', 'closed', 64, 10, 0],
  [id('S', 2), 'Spring Cup', 'running', 64, 0, 0],
  [id('S', 3), 'Summer Cup', 'signup', 16, 20, 0],
];
const entries = players
  .slice(0, Math.min(count, 64))
  .flatMap(([player], index) =>
    [1, 2].map((season) => [
      id('S', season),
      player,
      1200 + ((index * 7919 * season) % 160) - 80,
      (index * season) % 7,
      index % 3,
      (index + season) % 6,
      index % 2,
    ]),
  );
const matches = Array.from({ length: 30 }, (_, index) => [
  id('M', index),
  id('S', 1 + (index % 2)),
  id('P', index % 6),
  id('P', 6 + (index % 5)),
  (index * 3) % 5,
  (index * 2) % 4,
  ((index * 5) % 33) - 16,
]);
const ledger = players.map(([player, , , coins]) => [player, 1, coins, 'deposit', null]);

const url = new URL(databaseUrl);
const database = decodeURIComponent(url.pathname.slice(1));
url.pathname = '/';
const connection = await createConnection({ uri: url.href, multipleStatements: true, timezone: 'Z' });
try {
  if (options.reset) await connection.query('CREATE DATABASE IF NOT EXISTS ??', [database]);
  await connection.changeUser({ database });
  if (options.reset) await connection.query(await readFile(new URL('schema.sql', import.meta.url), 'utf8'));
  await connection.query("SET timestamp = UNIX_TIMESTAMP('2026-01-05 10:00:00.250001')");
  await connection.query('INSERT INTO players (id, handle, country, coins) VALUES ?', [players]);
  await connection.query('INSERT INTO seasons (id, name, status, capacity, entry_fee, pot) VALUES ?', [seasons]);
  await connection.query('INSERT INTO entries (season_id, player_id, rating, won, drawn, lost, streak) VALUES ?', [
    entries,
  ]);
  await connection.query(
    'INSERT INTO matches (id, season_id, home_id, away_id, home_score, away_score, swing) VALUES ?',
    [matches],
  );
  await connection.query('INSERT INTO ledger (player_id, seq, amount, reason, season_id) VALUES ?', [ledger]);
  console.log(`seeded ${count} players, ${seasons.length} seasons, ${matches.length} matches`);
} finally {
  await connection.end();
}
