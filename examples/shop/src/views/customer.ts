import { isoSecond } from '../lib/dates.js';
import type { AddressRow, CustomerRow } from '../repositories/customer-repository.js';

/** A customer as the API shows it. */
export function customerView(row: CustomerRow) {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    phone: row.phone,
    birthDate: row.birth_date,
    contactBy: row.contact_by === '' ? [] : row.contact_by.split(','),
    loyaltyPoints: row.loyalty_points,
    isActive: row.is_active === 1,
    createdAt: isoSecond(row.created_at),
  };
}

export function addressView(row: AddressRow) {
  return {
    id: row.id,
    label: row.label,
    line1: row.line1,
    line2: row.line2,
    city: row.city,
    postcode: row.postcode,
    country: row.country,
    isDefault: row.is_default === 1,
  };
}
