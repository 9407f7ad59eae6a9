import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

export const CONTACT_CHANNELS = ['email', 'sms', 'post', 'phone'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export interface CustomerRow extends RowDataPacket {
  id: string;
  email: string;
  name: string;
  phone: string | null;
  birth_date: string | null;
  contact_by: string;
  loyalty_points: string;
  is_active: number;
  created_at: string;
}

export interface AddressRow extends RowDataPacket {
  id: number;
  label: string;
  line1: string;
  line2: string | null;
  city: string;
  postcode: string;
  country: string;
  is_default: number;
}

interface IdRow extends RowDataPacket {
  id: string;
}

export interface CustomerFields {
  email: string;
  name: string;
  phone: string | null;
  birthDate: string | null;
  contactBy: ContactChannel[];
  loyaltyPoints: string;
  isActive: boolean;
}

export class CustomerRepository {
  private readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async findById(id: string): Promise<CustomerRow | undefined> {
    const [rows] = await this.pool.execute<CustomerRow[]>(
      `SELECT id, email, name, phone, birth_date, contact_by, loyalty_points, is_active, created_at
         FROM customers
        WHERE id = ?`,
      [id],
    );
    return rows[0];
  }

  async findByEmail(email: string): Promise<CustomerRow | undefined> {
    const [rows] = await this.pool.execute<CustomerRow[]>('SELECT * FROM customers WHERE email = ? LIMIT 1', [email]);
    return rows[0];
  }

  async exists(id: string): Promise<boolean> {
    const [rows] = await this.pool.execute<IdRow[]>('SELECT id FROM customers WHERE id = ?', [id]);
    return rows.length === 1;
  }

  async addressesOf(id: string): Promise<AddressRow[]> {
    const [rows] = await this.pool.execute<AddressRow[]>(
      `SELECT id, label, line1, line2, city, postcode, country, is_default
         FROM addresses
        WHERE customer_id = ?
        ORDER BY is_default DESC, id`,
      [id],
    );
    return rows;
  }

  /** Changes what is given, and only that. False when there is no such customer. */
  async update(id: string, changes: Partial<CustomerFields>): Promise<boolean> {
    const sets: string[] = [];
    const params: (string | boolean | null)[] = [];
    const set = (assignment: string, value: string | boolean | null): void => {
      sets.push(assignment);
      params.push(value);
    };
    if (changes.email !== undefined) set('email = ?', changes.email);
    if (changes.name !== undefined) set('name = ?', changes.name);
    if (changes.phone !== undefined) set('phone = ?', changes.phone);
    if (changes.birthDate !== undefined) set('birth_date = ?', changes.birthDate);
    if (changes.contactBy !== undefined) set('contact_by = ?', changes.contactBy.join(','));
    if (changes.loyaltyPoints !== undefined) set('loyalty_points = ?', changes.loyaltyPoints);
    if (changes.isActive !== undefined) set('is_active = ?', changes.isActive);
    if (sets.length === 0) return this.exists(id);
    const [result] = await this.pool.execute<ResultSetHeader>(`UPDATE customers SET ${sets.join(', ')} WHERE id = ?`, [
      ...params,
      id,
    ]);
    return result.affectedRows > 0;
  }

  async remove(id: string): Promise<boolean> {
    const [result] = await this.pool.execute<ResultSetHeader>('DELETE FROM customers WHERE id = ?', [id]);
    return result.affectedRows > 0;
  }
}
