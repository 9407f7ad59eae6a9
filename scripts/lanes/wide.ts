const TYPES = [
  'BIGINT UNSIGNED NULL',
  "VARCHAR(120) NOT NULL DEFAULT ''",
  'DECIMAL(18, 4) NULL',
  'DATETIME(6) NULL',
  "ENUM('open', 'closed', 'it''s complicated') NULL COMMENT 'state'",
  'TEXT NULL',
  'DOUBLE NULL',
  'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL',
  'VARBINARY(255) NULL',
  'TIMESTAMP(3) NULL',
];

/** A generated schema: so many tables of so many columns, with indexes, foreign keys, views and triggers; pure. */
export function* wideSchema(tables: number, columns: number): Generator<string> {
  for (let table = 0; table < tables; table += 1) {
    const parent = Math.floor(table / 2);
    const plain = Array.from(
      { length: columns - 2 },
      (_, index) => `c${index} ${TYPES[(index + table) % TYPES.length]}`,
    );
    const text = plain.findIndex((one) => one.includes('VARCHAR'));
    yield `CREATE TABLE table_${table} (
      id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id BIGINT UNSIGNED NULL, ${plain.join(', ')},
      KEY by_parent (parent_id), KEY by_text (c${text}(20), parent_id)
      ${table === 0 ? '' : `, CONSTRAINT fk_${table} FOREIGN KEY (parent_id) REFERENCES table_${parent} (id) ON DELETE SET NULL`}
    ) ENGINE = InnoDB COMMENT = 'generated table ${table}'`;
    if (table % 20 === 0) yield `CREATE VIEW view_${table} AS SELECT id, parent_id FROM table_${table} WHERE id > 5`;
    if (table % 50 === 0) {
      yield `CREATE TRIGGER trigger_${table} BEFORE INSERT ON table_${table} FOR EACH ROW SET NEW.parent_id = NULL`;
    }
  }
}
