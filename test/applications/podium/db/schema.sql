-- Podium's schema. Ids are ULIDs, made by the server or by the client that wants to send a request twice safely.

DROP TABLE IF EXISTS ledger, matches, entries, seasons, players;

CREATE TABLE players (
  id         CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  handle     VARCHAR(32)  NOT NULL,
  country    CHAR(2)      NULL,
  coins      INT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  UNIQUE KEY players_handle (handle)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE seasons (
  id         CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name       VARCHAR(80)       NOT NULL,
  status     ENUM('signup', 'running', 'closed') NOT NULL DEFAULT 'signup',
  capacity   SMALLINT UNSIGNED NOT NULL,
  entry_fee  INT UNSIGNED      NOT NULL DEFAULT 0,
  pot        INT UNSIGNED      NOT NULL DEFAULT 0,
  created_at DATETIME(6)       NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6)       NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  KEY seasons_status (status, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE entries (
  season_id  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  player_id  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rating     SMALLINT          NOT NULL DEFAULT 1200,
  won        SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  drawn      SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  lost       SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  streak     SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  joined_at  DATETIME(6)       NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6)       NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  PRIMARY KEY (season_id, player_id),
  KEY entries_rating (season_id, rating),
  KEY entries_player (player_id),
  CONSTRAINT entries_season_fk FOREIGN KEY (season_id) REFERENCES seasons (id),
  CONSTRAINT entries_player_fk FOREIGN KEY (player_id) REFERENCES players (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE matches (
  id         CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  season_id  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  home_id    CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  away_id    CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  home_score TINYINT UNSIGNED NOT NULL,
  away_score TINYINT UNSIGNED NOT NULL,
  swing      SMALLINT         NOT NULL COMMENT 'what home won of rating, and away lost',
  played_at  DATETIME(6)      NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  KEY matches_season (season_id, id),
  CONSTRAINT matches_home_fk FOREIGN KEY (season_id, home_id) REFERENCES entries (season_id, player_id),
  CONSTRAINT matches_away_fk FOREIGN KEY (season_id, away_id) REFERENCES entries (season_id, player_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE ledger (
  player_id  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq        INT UNSIGNED NOT NULL,
  amount     INT          NOT NULL,
  reason     ENUM('deposit', 'entry fee', 'refund', 'prize') NOT NULL,
  season_id  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  reference  CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (player_id, seq),
  UNIQUE KEY ledger_reference (reference),
  CONSTRAINT ledger_player_fk FOREIGN KEY (player_id) REFERENCES players (id),
  CONSTRAINT ledger_season_fk FOREIGN KEY (season_id) REFERENCES seasons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
