-- Drawers' schema. Nothing is ever deleted for good: what has a deleted_at is in the bin.

DROP TABLE IF EXISTS document_tags, documents, folder_paths, folders;

-- `live` is 1, or NULL in the bin: so only living folders of one parent must differ in name. Top folders have no
-- parent and may share names.
CREATE TABLE folders (
  id         INT UNSIGNED NOT NULL AUTO_INCREMENT,
  parent_id  INT UNSIGNED NULL,
  name       VARCHAR(80)  NOT NULL,
  live       TINYINT      NULL DEFAULT 1,
  deleted_at DATETIME(3)  NULL,
  created_at DATETIME(3)  NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY folders_name (parent_id, name, live),
  CONSTRAINT folders_parent_fk FOREIGN KEY (parent_id) REFERENCES folders (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

-- Every folder is its own ancestor at depth 0.
CREATE TABLE folder_paths (
  ancestor_id   INT UNSIGNED      NOT NULL,
  descendant_id INT UNSIGNED      NOT NULL,
  depth         SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id),
  KEY folder_paths_descendant (descendant_id, depth),
  CONSTRAINT folder_paths_ancestor_fk FOREIGN KEY (ancestor_id) REFERENCES folders (id),
  CONSTRAINT folder_paths_descendant_fk FOREIGN KEY (descendant_id) REFERENCES folders (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE documents (
  id         BIGINT UNSIGNED  NOT NULL AUTO_INCREMENT,
  folder_id  INT UNSIGNED     NULL,
  title      VARCHAR(200)     NOT NULL,
  owner      VARCHAR(60)      NOT NULL,
  status     ENUM('draft', 'review', 'final') NOT NULL DEFAULT 'draft',
  priority   TINYINT UNSIGNED NOT NULL DEFAULT 3,
  size_bytes BIGINT UNSIGNED  NOT NULL DEFAULT 0,
  due_on     DATE             NULL,
  source     VARCHAR(30)      NULL,
  source_ref VARCHAR(60)      NULL,
  version    INT UNSIGNED     NOT NULL DEFAULT 1,
  deleted_at DATETIME(3)      NULL,
  created_at DATETIME(3)      NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3)      NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY documents_source (source, source_ref),
  KEY documents_folder (folder_id, deleted_at),
  KEY documents_owner (owner, due_on),
  CONSTRAINT documents_folder_fk FOREIGN KEY (folder_id) REFERENCES folders (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE document_tags (
  document_id BIGINT UNSIGNED NOT NULL,
  tag         VARCHAR(30)     NOT NULL,
  PRIMARY KEY (document_id, tag),
  KEY document_tags_tag (tag),
  CONSTRAINT document_tags_document_fk FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
