/** Servers that the statements below are for. */
export type Server = 'mysql-9' | 'mysql-5.6' | 'mariadb-10.11';

/**
 * One database with every kind of object that a server knows; what a server lacks is left out for it. The names are
 * chosen to be in the way: words of SQL, quotes, accents, one name for several things.
 */
export function everyKindOfObject(server: Server): string[] {
  const old = server === 'mysql-5.6';
  const current = server === 'mysql-9';
  const mariadb = server === 'mariadb-10.11';
  const when = (wanted: boolean, text: string): string => (wanted ? text : '');
  return [
    `CREATE TABLE parents (
      id INT UNSIGNED NOT NULL AUTO_INCREMENT,
      code CHAR(8) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s',
      big BIGINT UNSIGNED ZEROFILL NULL DEFAULT '18446744073709551615',
      price DECIMAL(65, 30) NULL, ratio DOUBLE NULL, flags BIT(3) NULL, day YEAR NULL,
      kind ENUM('a', 'b''c', 'd,e', '') NOT NULL DEFAULT 'a' COMMENT 'one of four; "quoted" | piped',
      many SET('x', 'y') NULL, at DATETIME(3) NULL, stamp TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
      \`größe\` VARCHAR(20) NULL, raw VARBINARY(16) NULL, body LONGTEXT NULL, blobby MEDIUMBLOB NULL,
      ${when(!old, 'twice INT AS (id_copy * 2) VIRTUAL, thrice INT AS (id_copy * 3) STORED, id_copy INT NULL,')}
      ${when(!old, 'doc JSON NULL,')}
      ${when(!old, 'secret INT NULL INVISIBLE,')}
      ${when(current, 'made DATETIME NOT NULL DEFAULT (NOW() + INTERVAL 1 DAY), place POINT NOT NULL SRID 4326, SPATIAL KEY where_is (place), KEY computed ((UPPER(code))),')}
      PRIMARY KEY (id), UNIQUE KEY code_key (code, kind), KEY prefixed (\`größe\`(5), body(10)) COMMENT 'why',
      ${when(!old, 'KEY backwards (big DESC, id),')}
      ${when(current, 'KEY unseen (ratio) INVISIBLE,')}
      ${when(mariadb, 'KEY unseen (ratio) IGNORED,')}
      ${when(!old, "CONSTRAINT priced CHECK (price >= 0 AND kind <> ' CHECK ('),")}
      ${when(current, 'CONSTRAINT lax CHECK (ratio < 2) NOT ENFORCED,')}
      FULLTEXT KEY words (body)
    ) ENGINE = InnoDB COMMENT = 'parents; with a | pipe' ROW_FORMAT = DYNAMIC`,
    `CREATE TABLE children (
      parent INT UNSIGNED NOT NULL, number SMALLINT NOT NULL, code CHAR(8) CHARACTER SET latin1 COLLATE latin1_bin NULL, kind ENUM('a', 'b''c', 'd,e', '') NULL,
      self_parent INT UNSIGNED NULL, self_number SMALLINT NULL,
      ${when(mariadb, 'checked INT NULL CHECK (checked > 0),')}
      PRIMARY KEY (parent, number), KEY (code, kind), KEY (self_parent, self_number),
      CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
      CONSTRAINT of_code FOREIGN KEY (code, kind) REFERENCES parents (code, kind) ON DELETE SET NULL ON UPDATE CASCADE,
      CONSTRAINT of_self FOREIGN KEY (self_parent, self_number) REFERENCES children (parent, number)
    ) ENGINE = InnoDB`,
    `CREATE TABLE ranged (id INT NOT NULL, day DATE NOT NULL, PRIMARY KEY (id, day)) ENGINE = InnoDB
      PARTITION BY RANGE (YEAR(day)) SUBPARTITION BY HASH (MONTH(day)) SUBPARTITIONS 2
      (PARTITION before_2020 VALUES LESS THAN (2020), PARTITION rest VALUES LESS THAN MAXVALUE)`,
    'CREATE TABLE hashed (id INT NOT NULL PRIMARY KEY) ENGINE = InnoDB PARTITION BY HASH (id) PARTITIONS 4',
    'CREATE TABLE `select "odd" | it` (`from` INT, `a b` INT) ENGINE = InnoDB',
    ...(mariadb
      ? ['CREATE TABLE versioned (id INT PRIMARY KEY) WITH SYSTEM VERSIONING', 'CREATE SEQUENCE counter START WITH 5']
      : []),
    'CREATE SQL SECURITY INVOKER VIEW cheap AS SELECT id, code FROM parents WHERE price < 5 WITH CASCADED CHECK OPTION',
    'CREATE VIEW counted AS SELECT parent, COUNT(*) AS n FROM children GROUP BY parent',
    "CREATE TRIGGER first_trigger BEFORE INSERT ON parents FOR EACH ROW SET NEW.code = TRIM(NEW.code), NEW.body = 'x;y'",
    ...(old
      ? []
      : [
          'CREATE TRIGGER second_trigger BEFORE INSERT ON parents FOR EACH ROW FOLLOWS first_trigger SET NEW.day = 2000',
        ]),
    "CREATE PROCEDURE same(IN a INT, OUT b VARCHAR(10), INOUT c DECIMAL(5,2)) READS SQL DATA COMMENT 'p' SELECT 1",
    'CREATE FUNCTION same(a INT) RETURNS VARCHAR(20) CHARSET utf8mb4 DETERMINISTIC NO SQL RETURN a',
    "CREATE EVENT tidy ON SCHEDULE EVERY 2 HOUR STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00' DISABLE COMMENT 'e' DO DELETE FROM children",
    "CREATE EVENT once ON SCHEDULE AT '2035-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE DO DELETE FROM children",
    current
      ? "INSERT INTO parents (code, `größe`, price, place) VALUES ('a', 'Łódź 🙂', 1.5, ST_GeomFromText('POINT(1 1)', 4326))"
      : "INSERT INTO parents (code, `größe`, price) VALUES ('a', 'Łódź 🙂', 1.5)",
    'INSERT INTO children (parent, number) VALUES (1, 1), (1, 2)',
  ].map((sql) => sql.replace(/\n\s*(?=\n)/g, ''));
}
