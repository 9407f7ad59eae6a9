import express, { Router, type Express } from 'express';
import { config } from './config.js';
import { pool } from './db/pool.js';
import { adminGuard } from './http/admin-guard.js';
import { handleError, noSuchRoute } from './http/errors.js';
import { CustomerRepository } from './repositories/customer-repository.js';
import { OrderRepository } from './repositories/order-repository.js';
import { ProductRepository } from './repositories/product-repository.js';
import { addressRoutes } from './routes/addresses.js';
import { adminCategoryRoutes } from './routes/admin/categories.js';
import { adminOrderRoutes } from './routes/admin/orders.js';
import { adminProductRoutes } from './routes/admin/products.js';
import { adminReportRoutes } from './routes/admin/reports.js';
import { cartRoutes } from './routes/cart.js';
import { categoryRoutes } from './routes/categories.js';
import { customerRoutes } from './routes/customers.js';
import { deviceRoutes } from './routes/devices.js';
import { healthRoutes } from './routes/health.js';
import { notificationRoutes } from './routes/notifications.js';
import { orderRoutes } from './routes/orders.js';
import { productRoutes } from './routes/products.js';
import { CartService } from './services/cart.js';

export function createApp(): Express {
  const products = new ProductRepository(pool);
  const customers = new CustomerRepository(pool);
  const orders = new OrderRepository(pool);
  const carts = new CartService(pool);

  const admin = Router();
  admin.use(adminGuard(config.adminKey));
  admin.use(adminProductRoutes(products));
  admin.use(adminCategoryRoutes);
  admin.use(adminOrderRoutes(orders));
  admin.use(adminReportRoutes);

  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '256kb' }));
  app.use(healthRoutes);
  app.use(productRoutes(products));
  app.use(categoryRoutes);
  app.use(customerRoutes(customers));
  app.use(addressRoutes);
  app.use(deviceRoutes);
  app.use(notificationRoutes);
  app.use(cartRoutes(carts));
  app.use(orderRoutes(orders, customers));
  app.use('/admin', admin);
  app.use(noSuchRoute);
  app.use(handleError);
  return app;
}
