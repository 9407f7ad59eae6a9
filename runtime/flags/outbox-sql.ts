import { enqueueAffected } from './cascades.ts';
import { changed, literal, name, rowKey, rowUniques } from './sql-text.ts';
import type { SourceTable, SourceTables } from './source-tables.ts';

/** The outbox, in the source's own database, so that it commits with the change. */
export const OUTBOX_TABLE = 'cutover_outbox';

/** DDL of the outbox table; idempotent. Ids are versions, so they begin above those of an earlier outbox. */
export function createOutbox(firstId: bigint): string {
  return [
    `CREATE TABLE IF NOT EXISTS ${name(OUTBOX_TABLE)} (`,
    '  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,',
    '  source_table VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,',
    '  row_key JSON NOT NULL,',
    '  row_uniques JSON NULL,',
    '  connection_id BIGINT UNSIGNED NOT NULL,',
    '  enqueued_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),',
    '  PRIMARY KEY (id),',
    '  KEY by_connection (connection_id, id)',
    `) ENGINE = InnoDB AUTO_INCREMENT = ${firstId}`,
  ].join('\n');
}

export function dropOutbox(): string {
  return `DROP TABLE IF EXISTS ${name(OUTBOX_TABLE)}`;
}

type Event = 'INSERT' | 'UPDATE' | 'DELETE';
type Time = 'BEFORE' | 'AFTER';

const OUTBOX_TRIGGERS: readonly (readonly [Time, Event])[] = [
  ['AFTER', 'INSERT'],
  ['BEFORE', 'UPDATE'],
  ['AFTER', 'UPDATE'],
  ['BEFORE', 'DELETE'],
  ['AFTER', 'DELETE'],
];
const EVENTS: readonly Event[] = ['INSERT', 'UPDATE', 'DELETE'];

/** DDL that drops the outbox's triggers of all tables; idempotent. */
export function dropTriggers(tables: SourceTables): string[] {
  return Object.keys(tables).flatMap((table) =>
    OUTBOX_TRIGGERS.map(([time, event]) => `DROP TRIGGER IF EXISTS ${name(triggerName(`${time}_${event}`, table))}`),
  );
}

/**
 * DDL of the triggers of all tables. A row is enqueued after it changed: its lock and those of its unique values are
 * held by then, so a larger id is a newer state of the row, and of who owns a unique value. Rows that foreign key
 * actions change are enqueued before, while they can still be found.
 */
export function createTriggers(tables: SourceTables): string[] {
  return Object.entries(tables).flatMap(([table, facts]) => {
    const bodies: Readonly<Record<string, readonly string[]>> = {
      AFTER_INSERT: enqueue(table, facts, 'NEW', 'NULL'),
      BEFORE_UPDATE: enqueueAffected(tables, table, 'onUpdate', 'OLD', INSERT),
      AFTER_UPDATE: [
        ...enqueue(table, facts, 'OLD', rowUniques(facts, 'OLD')),
        ...enqueue(table, facts, 'NEW', 'NULL').map((statement) => `IF ${keyChanged(facts)} THEN ${statement}; END IF`),
        ...enqueueAffected(tables, table, 'onUpdate', 'NEW', INSERT),
      ],
      BEFORE_DELETE: enqueueAffected(tables, table, 'onDelete', 'OLD', INSERT),
      AFTER_DELETE: enqueue(table, facts, 'OLD', rowUniques(facts, 'OLD')),
    };
    return OUTBOX_TRIGGERS.flatMap(([time, event]) => {
      const body = bodies[`${time}_${event}`] ?? [];
      return body.length === 0 ? [] : [trigger(triggerName(`${time}_${event}`, table), time, event, table, body)];
    });
  });
}

/** DDL that makes MySQL refuse every change of a migrated row: the last act of MySQL's time as the primary store. */
export function createFences(tables: SourceTables): string[] {
  const signal = `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'This table has moved to DynamoDB (Cutover phase 5).'`;
  return migrated(tables).flatMap((table) =>
    EVENTS.map((event) => trigger(triggerName(`FENCE_${event}`, table), 'BEFORE', event, table, [signal])),
  );
}

export function dropFences(tables: SourceTables): string[] {
  return migrated(tables).flatMap((table) =>
    EVENTS.map((event) => `DROP TRIGGER IF EXISTS ${name(triggerName(`FENCE_${event}`, table))}`),
  );
}

/** Name of a trigger; MySQL allows 64 characters, and trigger names share one space a database. */
export function triggerName(kind: string, table: string): string {
  const plain = `cutover_${kind.toLowerCase()}_${table}`;
  return plain.length <= 64 ? plain : `cutover_${kind.toLowerCase()}_${table.slice(0, 30)}_${checksum(table)}`;
}

function migrated(tables: SourceTables): string[] {
  return Object.keys(tables).filter((table) => tables[table]?.migrated === true);
}

function trigger(identifier: string, time: Time, event: Event, table: string, statements: readonly string[]): string {
  const body = statements.map((statement) => `  ${statement};`).join('\n');
  return `CREATE TRIGGER ${name(identifier)} ${time} ${event} ON ${name(table)} FOR EACH ROW\nBEGIN\n${body}\nEND`;
}

const INSERT = `INSERT INTO ${name(OUTBOX_TABLE)} (source_table, row_key, row_uniques, connection_id)`;

function enqueue(table: string, facts: SourceTable, row: 'OLD' | 'NEW', uniques: string): string[] {
  if (!facts.migrated) return [];
  return [`${INSERT} VALUES (${literal(table)}, ${rowKey(facts, row)}, ${uniques}, CONNECTION_ID())`];
}

function keyChanged(facts: SourceTable): string {
  return changed(facts.key.map(({ column }) => column));
}

/** FNV-1a, 32 bits: short, and the same everywhere. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
