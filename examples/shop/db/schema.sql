-- The shop's schema. All text is utf8mb4; all times are UTC.

CREATE TABLE customers (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  email           VARCHAR(190)    NOT NULL,
  name            VARCHAR(120)    NOT NULL,
  phone           VARCHAR(40)     NULL,
  birth_date      DATE            NULL,
  contact_by      SET('email', 'sms', 'post', 'phone') NOT NULL DEFAULT '',
  loyalty_points  BIGINT UNSIGNED NOT NULL DEFAULT 0,
  is_active       BOOLEAN         NOT NULL DEFAULT TRUE,
  created_at      TIMESTAMP       NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  UNIQUE KEY customers_email (email)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE addresses (
  id          INT UNSIGNED    NOT NULL AUTO_INCREMENT,
  customer_id BIGINT UNSIGNED NOT NULL,
  label       VARCHAR(60)     NOT NULL DEFAULT '',
  line1       VARCHAR(160)    NOT NULL,
  line2       VARCHAR(160)    NULL,
  city        VARCHAR(80)     NOT NULL,
  postcode    VARCHAR(16)     NOT NULL,
  country     CHAR(2)         NOT NULL,
  is_default  TINYINT(1)      NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY addresses_customer (customer_id),
  CONSTRAINT addresses_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE devices (
  push_token    VARBINARY(64)   NOT NULL,
  customer_id   BIGINT UNSIGNED NOT NULL,
  platform      ENUM('ios', 'android', 'web') NOT NULL,
  expires_at    DATETIME(6)     NOT NULL,
  registered_at TIMESTAMP       NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (push_token),
  KEY devices_customer (customer_id, expires_at),
  CONSTRAINT devices_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE categories (
  id        INT UNSIGNED NOT NULL AUTO_INCREMENT,
  parent_id INT UNSIGNED NULL,
  name      VARCHAR(80)  NOT NULL,
  position  INT          NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY categories_parent (parent_id, position),
  CONSTRAINT categories_parent_fk FOREIGN KEY (parent_id) REFERENCES categories (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE products (
  id             INT UNSIGNED   NOT NULL AUTO_INCREMENT,
  sku            VARCHAR(40)    NOT NULL,
  category_id    INT UNSIGNED   NOT NULL,
  name           VARCHAR(160)   NOT NULL,
  description    TEXT           NULL,
  price          DECIMAL(10, 2) NOT NULL,
  stock          INT UNSIGNED   NOT NULL DEFAULT 0,
  status         ENUM('draft', 'active', 'retired') NOT NULL DEFAULT 'draft',
  attributes     JSON           NULL,
  image_checksum VARBINARY(32)  NULL,
  created_at     TIMESTAMP      NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at     DATETIME(6)    NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  UNIQUE KEY products_sku (sku),
  KEY products_category (category_id, price),
  CONSTRAINT products_category_fk FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE tags (
  id   INT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(60)  NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY tags_name (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE product_tags (
  product_id INT UNSIGNED NOT NULL,
  tag_id     INT UNSIGNED NOT NULL,
  PRIMARY KEY (product_id, tag_id),
  KEY product_tags_tag (tag_id),
  CONSTRAINT product_tags_product_fk FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
  CONSTRAINT product_tags_tag_fk FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE carts (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  customer_id BIGINT UNSIGNED NOT NULL,
  updated_at  DATETIME(6)     NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  UNIQUE KEY carts_customer (customer_id),
  CONSTRAINT carts_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE cart_items (
  cart_id    BIGINT UNSIGNED NOT NULL,
  product_id INT UNSIGNED    NOT NULL,
  quantity   INT UNSIGNED    NOT NULL,
  PRIMARY KEY (cart_id, product_id),
  KEY cart_items_product (product_id),
  CONSTRAINT cart_items_cart_fk FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
  CONSTRAINT cart_items_product_fk FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE orders (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  customer_id  BIGINT UNSIGNED NOT NULL,
  address_id   INT UNSIGNED    NULL,
  status       ENUM('pending', 'paid', 'shipped', 'cancelled') NOT NULL DEFAULT 'pending',
  total        DECIMAL(14, 2)  NOT NULL,
  note         TEXT            NULL,
  placed_at    DATETIME(6)     NOT NULL,
  cancelled_at DATETIME(6)     NULL,
  PRIMARY KEY (id),
  KEY orders_customer (customer_id, placed_at),
  KEY orders_status (status, placed_at),
  KEY orders_placed (placed_at),
  KEY orders_address (address_id),
  CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT,
  CONSTRAINT orders_address_fk FOREIGN KEY (address_id) REFERENCES addresses (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE order_lines (
  order_id   BIGINT UNSIGNED   NOT NULL,
  line_no    SMALLINT UNSIGNED NOT NULL,
  product_id INT UNSIGNED      NOT NULL,
  unit_price DECIMAL(10, 2)    NOT NULL,
  quantity   INT UNSIGNED      NOT NULL,
  PRIMARY KEY (order_id, line_no),
  KEY order_lines_product (product_id),
  CONSTRAINT order_lines_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  CONSTRAINT order_lines_product_fk FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE reviews (
  id          INT UNSIGNED     NOT NULL AUTO_INCREMENT,
  product_id  INT UNSIGNED     NOT NULL,
  customer_id BIGINT UNSIGNED  NULL,
  rating      TINYINT UNSIGNED NOT NULL,
  body        TEXT             NULL,
  is_verified BOOLEAN          NOT NULL DEFAULT FALSE,
  created_at  TIMESTAMP        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  UNIQUE KEY reviews_once (product_id, customer_id),
  KEY reviews_customer (customer_id),
  CONSTRAINT reviews_product_fk FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
  CONSTRAINT reviews_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;

CREATE TABLE notifications (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  customer_id BIGINT UNSIGNED NOT NULL,
  kind        ENUM('order_placed', 'order_cancelled', 'order_shipped', 'welcome') NOT NULL,
  message     VARCHAR(500)    NOT NULL,
  is_read     BOOLEAN         NOT NULL DEFAULT FALSE,
  created_at  DATETIME(6)     NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  KEY notifications_customer (customer_id, is_read),
  CONSTRAINT notifications_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
