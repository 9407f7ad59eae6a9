CREATE TABLE currencies (
  code CHAR(3) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL PRIMARY KEY,
  digits TINYINT UNSIGNED NOT NULL DEFAULT 2
) ENGINE=InnoDB;

CREATE TABLE accounts (
  code VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  owner VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL,
  branch INT NULL,
  number INT NULL,
  balance DECIMAL(20,6) NOT NULL DEFAULT 0,
  rate DOUBLE NULL,
  factor FLOAT NULL,
  flags INT UNSIGNED NOT NULL DEFAULT 0,
  changed_at DATETIME(3) NULL ON UPDATE CURRENT_TIMESTAMP(3),
  UNIQUE KEY accounts_number (branch, number),
  KEY accounts_currency (currency),
  CONSTRAINT accounts_currency_fk FOREIGN KEY (currency) REFERENCES currencies (code) ON UPDATE CASCADE
) ENGINE=InnoDB;

CREATE TABLE entries (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  counter VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  amount DECIMAL(20,6) NOT NULL,
  big BIGINT UNSIGNED NULL,
  small SMALLINT NULL,
  text VARCHAR(50) NULL,
  booked DATE NOT NULL,
  KEY entries_account (account, booked),
  KEY entries_counter (counter),
  CONSTRAINT entries_account_fk FOREIGN KEY (account) REFERENCES accounts (code) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT entries_counter_fk FOREIGN KEY (counter) REFERENCES accounts (code) ON DELETE SET NULL ON UPDATE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE units (
  code VARCHAR(10) NOT NULL PRIMARY KEY,
  above VARCHAR(10) NULL,
  title VARCHAR(30) NOT NULL,
  KEY units_above (above),
  CONSTRAINT units_above_fk FOREIGN KEY (above) REFERENCES units (code) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO currencies (code, digits) VALUES ('EUR', 2), ('USD', 2), ('JPY', 0), ('BHD', 3);
INSERT INTO accounts (code, currency, owner, branch, number, balance, rate, factor, flags, changed_at) VALUES
  ('a1', 'EUR', 'Zoë', 1, 1, 100.000000, 0.1, 0.5, 5, NULL),
  ('A1', 'EUR', 'zoe', 1, NULL, -0.000001, -2.5, 1.5, 0, '2024-01-01 00:00:00.001'),
  ('b2', 'USD', NULL, NULL, 1, 99999999999999.999999, 1e10, -0.25, 4294967295, NULL),
  ('c3', 'JPY', 'Ünal', 2, 1, 12345.678900, NULL, NULL, 12, NULL),
  ('d4', 'USD', '', 2, 2, 0.000000, 3.5, 2, 3, NULL);
INSERT INTO entries (id, account, counter, amount, big, small, text, booked) VALUES
  (1, 'a1', 'A1', 10.500000, 18446744073709551615, 7, 'Rent, May', '2024-05-01'),
  (2, 'a1', 'b2', -10.500000, 0, -7, 'rent, may', '2024-05-31'),
  (3, 'A1', NULL, 0.333333, 9007199254740993, NULL, NULL, '2024-02-29'),
  (4, 'b2', 'a1', 2.500000, 10, 32767, '  padded  ', '2023-12-31'),
  (5, 'b2', 'd4', -2.500000, 3, -32768, '12abc', '2000-01-01'),
  (9, 'c3', 'c3', 1.000000, NULL, 0, 'Grüße,a,b,c', '2024-06-15');
INSERT INTO units (code, above, title) VALUES ('board', NULL, 'Board'), ('it', 'board', 'IT'), ('ops', 'it', 'Operations'), ('self', 'self', 'Self');
