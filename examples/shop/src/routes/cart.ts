import { Router } from 'express';
import { integer, optionalText, readFields } from '../http/fields.js';
import { bigId, intId, parseIntId } from '../http/ids.js';
import type { Cart, CartService } from '../services/cart.js';
import { checkout } from '../services/checkout.js';

const MAX_QUANTITY = 1000;

function cartView(cart: Cart) {
  return {
    items: cart.items.map((item) => ({
      productId: item.product_id,
      sku: item.sku,
      name: item.name,
      price: item.price,
      quantity: item.quantity,
      inStock: Number(item.in_stock) === 1,
    })),
    total: cart.total,
  };
}

export function cartRoutes(carts: CartService): Router {
  const router = Router();

  router.get('/customers/:id/cart', async (request, response) => {
    response.json(cartView(await carts.contents(bigId(request))));
  });

  router.post('/customers/:id/cart/items', async (request, response) => {
    const customerId = bigId(request);
    const fields = readFields(request.body);
    await carts.add(
      customerId,
      parseIntId(fields['productId'], 'productId'),
      integer(fields, 'quantity', 1, MAX_QUANTITY),
    );
    response.status(201).json(cartView(await carts.contents(customerId)));
  });

  router.put('/customers/:id/cart/items/:productId', async (request, response) => {
    const customerId = bigId(request);
    const quantity = integer(readFields(request.body), 'quantity', 1, MAX_QUANTITY);
    await carts.setQuantity(customerId, intId(request, 'productId'), quantity);
    response.json(cartView(await carts.contents(customerId)));
  });

  router.delete('/customers/:id/cart/items/:productId', async (request, response) => {
    await carts.remove(bigId(request), intId(request, 'productId'));
    response.status(204).end();
  });

  router.post('/customers/:id/checkout', async (request, response) => {
    const note = optionalText(readFields(request.body ?? {}), 'note', 2000);
    const orderId = await checkout(bigId(request), note);
    response.status(201).json({ orderId });
  });

  return router;
}
