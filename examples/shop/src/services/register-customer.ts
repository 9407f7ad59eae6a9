import type { ResultSetHeader } from 'mysql2/promise';
import { mysqlErrorCode } from '../db/errors.js';
import { pool } from '../db/pool.js';
import { conflict } from '../http/errors.js';
import type { CustomerFields } from '../repositories/customer-repository.js';
import { notify } from './notifications.js';

export interface NewAddress {
  label: string;
  line1: string;
  line2: string | null;
  city: string;
  postcode: string;
  country: string;
}

/** Makes a customer with their addresses (the first is the default one) and a word of welcome. */
export async function registerCustomer(customer: CustomerFields, addresses: NewAddress[]): Promise<string> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const [inserted] = await connection.execute<ResultSetHeader>(
      `INSERT INTO customers (email, name, phone, birth_date, contact_by, loyalty_points, is_active)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        customer.email,
        customer.name,
        customer.phone,
        customer.birthDate,
        customer.contactBy.join(','),
        customer.loyaltyPoints,
        customer.isActive,
      ],
    );
    const customerId = String(inserted.insertId);
    for (const [index, address] of addresses.entries()) {
      await connection.execute(
        `INSERT INTO addresses (customer_id, label, line1, line2, city, postcode, country, is_default)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          customerId,
          address.label,
          address.line1,
          address.line2,
          address.city,
          address.postcode,
          address.country,
          index === 0,
        ],
      );
    }
    await notify(connection, customerId, 'welcome', `Welcome, ${customer.name}!`);
    await connection.commit();
    return customerId;
  } catch (error) {
    await connection.rollback();
    if (mysqlErrorCode(error) === 'ER_DUP_ENTRY') throw conflict('this e-mail address is taken');
    throw error;
  } finally {
    connection.release();
  }
}
