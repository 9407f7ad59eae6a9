CREATE TABLE members (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  handle VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  mail VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  karma INT NOT NULL DEFAULT 0,
  mentor_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  joined DATE NOT NULL,
  bio TEXT NULL,
  UNIQUE KEY members_handle (handle),
  UNIQUE KEY members_mail (mail),
  KEY members_mentor (mentor_id),
  CONSTRAINT members_mentor_fk FOREIGN KEY (mentor_id) REFERENCES members (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE posts (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  parent_id INT NULL,
  member_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  slug VARCHAR(60) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  score INT NOT NULL DEFAULT 0,
  deleted_at DATETIME NULL,
  UNIQUE KEY posts_slug (parent_id, slug),
  KEY posts_member (member_id, score),
  CONSTRAINT posts_parent_fk FOREIGN KEY (parent_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT posts_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE post_paths (
  ancestor_id INT NOT NULL,
  post_id INT NOT NULL,
  depth INT NOT NULL,
  PRIMARY KEY (ancestor_id, post_id),
  KEY paths_post (post_id),
  CONSTRAINT paths_ancestor_fk FOREIGN KEY (ancestor_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT paths_post_fk FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE votes (
  post_id INT NOT NULL,
  member_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value TINYINT NOT NULL,
  cast_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (post_id, member_id),
  KEY votes_member (member_id),
  CONSTRAINT votes_post_fk FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT votes_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE tags (
  name VARCHAR(20) NOT NULL PRIMARY KEY,
  uses INT UNSIGNED NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

INSERT INTO members (id, handle, mail, karma, mentor_id, joined, bio) VALUES
  ('01A', 'Ada', 'ada@x.org', 10, NULL, '2020-02-29', 'Writes programs.'),
  ('01B', 'bob', NULL, 0, '01A', '2021-01-01', NULL),
  ('01C', 'Cécile', 'Cec@x.org', -3, '01A', '2021-01-01', 'Élève'),
  ('01D', 'dan_', 'cec@x.org', 10, '01B', '2023-12-31', ''),
  ('01E', 'straße', NULL, 2147483647, NULL, '1999-12-31', 'line one\nline two');

INSERT INTO posts (id, parent_id, member_id, slug, body, score, deleted_at) VALUES
  (1, NULL, '01A', 'hello', 'Hello, world', 5, NULL),
  (2, 1, '01B', 're-hello', 'Hello back', 2, NULL),
  (3, 1, '01C', 're-hello-2', 'Bonjour', 2, NULL),
  (4, 2, '01A', 're', 'And again', 0, '2024-01-01 00:00:00'),
  (5, NULL, '01D', 'hello', 'Second hello', -1, NULL),
  (6, 5, NULL, 'gone', 'Author gone', 7, NULL),
  (7, NULL, '01A', 'Émile', 'É', 5, NULL);

INSERT INTO post_paths (ancestor_id, post_id, depth) VALUES
  (1, 1, 0), (1, 2, 1), (1, 3, 1), (1, 4, 2), (2, 2, 0), (2, 4, 1), (3, 3, 0), (4, 4, 0), (5, 5, 0), (5, 6, 1), (6, 6, 0), (7, 7, 0);

INSERT INTO votes (post_id, member_id, value, cast_at) VALUES
  (1, '01B', 1, '2024-01-01 00:00:00'), (1, '01C', 1, '2024-01-02 00:00:00'), (1, '01D', -1, '2024-01-02 00:00:00'),
  (2, '01A', 1, '2024-01-03 00:00:00'), (3, '01A', 1, '2024-01-03 00:00:00'), (6, '01A', 1, '2024-02-29 12:00:00');

INSERT INTO tags (name, uses) VALUES ('Café', 1), ('news', 0), ('tea', 4294967295);
