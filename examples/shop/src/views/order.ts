import { isoMicrosecond } from '../lib/dates.js';
import type { OrderLineRow, OrderRow } from '../repositories/order-repository.js';

/** An order as the API shows it in a list. */
export function orderView(row: OrderRow) {
  return {
    id: row.id,
    customerId: row.customer_id,
    addressId: row.address_id,
    status: row.status,
    total: row.total,
    note: row.note,
    placedAt: isoMicrosecond(row.placed_at),
    cancelledAt: row.cancelled_at === null ? null : isoMicrosecond(row.cancelled_at),
  };
}

export function orderLineView(row: OrderLineRow) {
  return {
    lineNo: row.line_no,
    productId: row.product_id,
    product: row.product_name,
    category: row.category_name,
    unitPrice: row.unit_price,
    quantity: row.quantity,
    total: row.line_total,
  };
}
