CREATE TABLE customers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(120) NOT NULL,
  name VARCHAR(80) NOT NULL,
  city VARCHAR(40) NULL,
  credit DECIMAL(10,2) NOT NULL DEFAULT 0.00,
  level ENUM('basic','silver','gold') NOT NULL DEFAULT 'basic',
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE KEY customers_email (email),
  KEY customers_city (city)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE products (
  sku VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  title VARCHAR(100) NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  stock INT NOT NULL DEFAULT 0,
  weight DOUBLE NULL,
  discontinued TINYINT(1) NOT NULL DEFAULT 0,
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE orders (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer_id INT UNSIGNED NOT NULL,
  state ENUM('open','paid','shipped','void') NOT NULL DEFAULT 'open',
  total DECIMAL(12,2) NOT NULL DEFAULT 0.00,
  note VARCHAR(200) NULL,
  placed_at DATETIME NOT NULL,
  KEY orders_customer (customer_id, placed_at),
  KEY orders_state (state, placed_at),
  CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE order_lines (
  order_id BIGINT UNSIGNED NOT NULL,
  line_no SMALLINT NOT NULL,
  sku VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity INT NOT NULL,
  unit_price DECIMAL(10,2) NOT NULL,
  gift VARCHAR(40) NULL,
  PRIMARY KEY (order_id, line_no),
  UNIQUE KEY lines_sku (order_id, sku),
  KEY lines_product (sku),
  CONSTRAINT lines_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
  CONSTRAINT lines_product_fk FOREIGN KEY (sku) REFERENCES products (sku)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE stock_log (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  sku VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  delta INT NOT NULL,
  reason VARCHAR(60) NOT NULL DEFAULT 'count',
  at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY log_product (sku, at),
  CONSTRAINT log_product_fk FOREIGN KEY (sku) REFERENCES products (sku) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

INSERT INTO customers (id, email, name, city, credit, level, created_at) VALUES
  (1, 'ada@example.org', 'Ada', 'London', 100.00, 'gold', '2023-01-01 00:00:00'),
  (2, 'Bob@Example.org', 'Bob', 'london', 0.00, 'basic', '2023-02-28 23:59:59'),
  (3, 'cécile@example.org', 'Cécile', 'Orléans', 12.50, 'silver', '2023-03-15 12:00:00'),
  (4, 'dan@example.org', 'Dan', NULL, -5.25, 'basic', '2024-02-29 08:30:00'),
  (5, 'eve@example.org', 'cecile', 'Zürich', 99999999.99, 'gold', '2024-02-29 08:30:00'),
  (9, 'o''neil@example.org', 'O''Neil', '', 0.01, 'silver', '2024-06-15 12:34:56');

INSERT INTO products (sku, title, price, stock, weight, discontinued, updated_at) VALUES
  ('A-1', 'Anvil', 19.99, 10, 25.5, 0, '2024-01-01 00:00:00.000000'),
  ('a-1', 'anvil, small', 9.99, 0, 2.25, 0, '2024-01-01 00:00:00.000001'),
  ('B-2', 'Bébé doll', 0.50, 1000, NULL, 0, '2024-01-02 10:00:00.500000'),
  ('C-3', '100% wool_sock', 5.00, 3, 0.1, 0, '2024-01-03 00:00:00.000000'),
  ('D-4', 'Drill', 99999999.99, 1, 3.75, 1, '2024-01-04 00:00:00.000000'),
  ('E-5', '', 0.00, -2, 0, 0, '2024-01-05 00:00:00.000000');

INSERT INTO orders (id, customer_id, state, total, note, placed_at) VALUES
  (1, 1, 'paid', 69.97, NULL, '2024-01-10 10:00:00'),
  (2, 1, 'open', 0.50, 'ring twice', '2024-02-01 09:00:00'),
  (3, 2, 'shipped', 5.00, '', '2024-02-01 09:00:00'),
  (4, 3, 'void', 0.00, NULL, '2024-02-29 23:59:59'),
  (5, 1, 'paid', 15.00, 'Ring TWICE', '2024-03-01 00:00:00'),
  (6, 5, 'open', 99999999.99, 'heavy', '2024-03-01 00:00:00'),
  (10, 3, 'paid', 10.49, NULL, '2024-06-15 12:34:56');

INSERT INTO order_lines (order_id, line_no, sku, quantity, unit_price, gift) VALUES
  (1, 1, 'A-1', 3, 19.99, NULL),
  (1, 2, 'B-2', 20, 0.50, 'for Zoë'),
  (2, 1, 'B-2', 1, 0.50, NULL),
  (3, 1, 'C-3', 1, 5.00, ''),
  (5, 1, 'C-3', 3, 5.00, NULL),
  (6, 1, 'D-4', 1, 99999999.99, 'mum'),
  (10, 1, 'a-1', 1, 9.99, NULL),
  (10, 2, 'B-2', 1, 0.50, 'Mum');

INSERT INTO stock_log (id, sku, delta, reason, at) VALUES
  (1, 'A-1', 13, 'count', '2024-01-01 00:00:00.000'),
  (2, 'A-1', -3, 'order 1', '2024-01-10 10:00:00.125'),
  (3, 'B-2', 1000, 'count', '2024-01-02 10:00:00.500'),
  (7, 'C-3', 3, 'count', '2024-01-03 00:00:00.000');
