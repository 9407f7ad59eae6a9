-- The tool library. `mysql toolshed < db/schema.sql`, then `mysql toolshed < db/procedures.sql`.

DROP TABLE IF EXISTS charges, reservations, loans, tools, categories, members;

CREATE TABLE members (
    id        INT UNSIGNED NOT NULL AUTO_INCREMENT,
    card_no   CHAR(8)      NOT NULL,
    name      VARCHAR(80)  NOT NULL,
    email     VARCHAR(120) NOT NULL,
    joined_on DATE         NOT NULL,
    blocked   TINYINT(1)   NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY members_card (card_no),
    UNIQUE KEY members_email (email)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE categories (
    id   SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name VARCHAR(40)       NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY categories_name (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE tools (
    id          INT UNSIGNED      NOT NULL AUTO_INCREMENT,
    barcode     VARCHAR(20)       NOT NULL,
    title       VARCHAR(120)      NOT NULL,
    category_id SMALLINT UNSIGNED NOT NULL,
    daily_fee   DECIMAL(6, 2)     NOT NULL DEFAULT 0.00,
    state       ENUM('shelf', 'out', 'repair') NOT NULL DEFAULT 'shelf',
    notes       TEXT              NULL,
    PRIMARY KEY (id),
    UNIQUE KEY tools_barcode (barcode),
    KEY tools_title (title),
    CONSTRAINT tools_category FOREIGN KEY (category_id) REFERENCES categories (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE loans (
    id          INT UNSIGNED  NOT NULL AUTO_INCREMENT,
    member_id   INT UNSIGNED  NOT NULL,
    tool_id     INT UNSIGNED  NOT NULL,
    lent_on     DATE          NOT NULL,
    due_on      DATE          NOT NULL,
    returned_on DATE          NULL,
    fee         DECIMAL(8, 2) NULL,
    PRIMARY KEY (id),
    KEY loans_member_open (member_id, returned_on),
    KEY loans_due (returned_on, due_on),
    CONSTRAINT loans_member FOREIGN KEY (member_id) REFERENCES members (id),
    CONSTRAINT loans_tool FOREIGN KEY (tool_id) REFERENCES tools (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE reservations (
    id        INT UNSIGNED NOT NULL AUTO_INCREMENT,
    tool_id   INT UNSIGNED NOT NULL,
    member_id INT UNSIGNED NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY reservations_once (tool_id, member_id),
    CONSTRAINT reservations_tool FOREIGN KEY (tool_id) REFERENCES tools (id),
    CONSTRAINT reservations_member FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;

CREATE TABLE charges (
    loan_id    INT UNSIGNED  NOT NULL,
    charged_on DATE          NOT NULL,
    amount     DECIMAL(6, 2) NOT NULL,
    PRIMARY KEY (loan_id, charged_on),
    CONSTRAINT charges_loan FOREIGN KEY (loan_id) REFERENCES loans (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci;
