export interface Sizes {
  orders: number;
  customers: number;
  products: number;
  categories: number;
  tags: number;
  reviews: number;
}

/** How many rows of everything go with so many orders. */
export function sizesFor(orders: number): Sizes {
  const products = Math.max(30, Math.floor(orders / 40));
  return {
    orders,
    customers: Math.max(20, Math.floor(orders / 8)),
    products,
    categories: Math.max(10, Math.floor(products / 10)),
    tags: Math.max(12, Math.floor(products / 20)),
    reviews: Math.floor(orders / 4),
  };
}
