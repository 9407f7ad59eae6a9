CREATE TABLE rooms (
  id BINARY(4) NOT NULL PRIMARY KEY,
  name VARCHAR(30) NOT NULL,
  kind ENUM('single','double','suite') NOT NULL DEFAULT 'double',
  extras SET('tv','bath','view','desk') NOT NULL DEFAULT '',
  info JSON NULL,
  seal VARBINARY(20) NULL,
  opened YEAR NULL,
  checkout TIME NOT NULL DEFAULT '11:00:00',
  bits BIT(8) NOT NULL DEFAULT b'0',
  UNIQUE KEY rooms_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_as_cs;

CREATE TABLE bookings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  room BINARY(4) NOT NULL,
  guest VARCHAR(40) NOT NULL,
  starts DATE NOT NULL,
  ends DATE NOT NULL,
  made_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  changed_at TIMESTAMP NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,
  precise DATETIME(6) NULL,
  price DECIMAL(8,2) NULL,
  UNIQUE KEY bookings_start (room, starts),
  KEY bookings_guest (guest),
  CONSTRAINT bookings_room_fk FOREIGN KEY (room) REFERENCES rooms (id) ON DELETE NO ACTION ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE charges (
  booking INT NOT NULL,
  at DATETIME(6) NOT NULL,
  amount DECIMAL(8,2) NOT NULL,
  label VARCHAR(30) NULL,
  PRIMARY KEY (booking, at),
  CONSTRAINT charges_booking_fk FOREIGN KEY (booking) REFERENCES bookings (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

INSERT INTO rooms (id, name, kind, extras, info, seal, opened, checkout, bits) VALUES
  (0x00000001, 'Garden', 'double', 'tv,view', '{"floor": 1, "tags": ["quiet", "green"], "note": null}', 0xCAFE, 1999, '11:00:00', b'101'),
  (0x00000002, 'garden', 'single', '', '{"floor": 2, "beds": {"large": 1}}', NULL, 2010, '10:30:00', b'0'),
  (0xFFFFFFFF, 'Jardín', 'suite', 'tv,bath,view,desk', NULL, 0x00, NULL, '12:00:00', b'11111111'),
  (0x61626364, 'Attic', 'single', 'desk', '[1, 2.5, "x"]', 0x4142, 2024, '09:00:00', b'1');
INSERT INTO bookings (id, room, guest, starts, ends, made_at, changed_at, precise, price) VALUES
  (1, 0x00000001, 'Ann', '2024-01-30', '2024-02-02', '2024-01-01 10:00:00.123456', NULL, '2024-01-30 23:59:59.999999', 300.00),
  (2, 0x00000001, 'ann', '2024-02-28', '2024-03-01', '2024-01-01 10:00:00.123457', '2024-01-02 00:00:00', NULL, 200.50),
  (3, 0x00000002, 'Bert', '2023-12-31', '2024-01-01', '2023-12-01 00:00:00.000000', NULL, '2023-12-31 00:00:00.000000', 80.00),
  (4, 0xFFFFFFFF, 'Chloé', '2024-02-29', '2024-03-31', '2024-02-29 12:00:00.500000', NULL, '2024-02-29 12:34:56.789000', NULL),
  (5, 0x61626364, 'Dora', '2024-06-15', '2024-06-16', '2024-06-15 12:34:56.123000', NULL, '2024-06-15 00:00:00.000001', 99.99),
  (8, 0x61626364, 'Ann', '2024-07-01', '2024-07-01', '2024-06-15 12:34:56.123000', NULL, NULL, 0.00);
INSERT INTO charges (booking, at, amount, label) VALUES
  (1, '2024-01-30 18:00:00.000001', 12.50, 'Bar'), (1, '2024-01-30 18:00:00.000002', 12.50, 'bar'), (1, '2024-01-31 08:00:00.000000', 9.00, NULL),
  (4, '2024-03-01 00:00:00.000000', 100.00, 'Spa');
