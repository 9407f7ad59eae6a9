import { Router } from 'express';
import { mysqlErrorCode } from '../db/errors.js';
import { conflict, notFound } from '../http/errors.js';
import { day, flag, manyOf, optionalText, readFields, text, unsigned64, type Fields } from '../http/fields.js';
import { bigId } from '../http/ids.js';
import { badRequest } from '../http/errors.js';
import { CONTACT_CHANNELS, type CustomerFields, type CustomerRepository } from '../repositories/customer-repository.js';
import { registerCustomer } from '../services/register-customer.js';
import { addressView, customerView } from '../views/customer.js';
import { readAddress } from './addresses.js';

function email(fields: Fields): string {
  const value = text(fields, 'email', 190);
  if (!/^[^\s@]+@[^\s@]+$/.test(value)) throw badRequest('email is not an e-mail address');
  return value;
}

function readCustomer(fields: Fields): CustomerFields {
  return {
    email: email(fields),
    name: text(fields, 'name', 120),
    phone: optionalText(fields, 'phone', 40),
    birthDate: (fields['birthDate'] ?? null) === null ? null : day(fields, 'birthDate'),
    contactBy: fields['contactBy'] === undefined ? [] : manyOf(fields, 'contactBy', CONTACT_CHANNELS),
    loyaltyPoints: fields['loyaltyPoints'] === undefined ? '0' : unsigned64(fields, 'loyaltyPoints'),
    isActive: fields['isActive'] === undefined ? true : flag(fields, 'isActive'),
  };
}

function readChanges(fields: Fields): Partial<CustomerFields> {
  const changes: Partial<CustomerFields> = {};
  if ('email' in fields) changes.email = email(fields);
  if ('name' in fields) changes.name = text(fields, 'name', 120);
  if ('phone' in fields) changes.phone = optionalText(fields, 'phone', 40);
  if ('birthDate' in fields) changes.birthDate = fields['birthDate'] === null ? null : day(fields, 'birthDate');
  if ('contactBy' in fields) changes.contactBy = manyOf(fields, 'contactBy', CONTACT_CHANNELS);
  if ('loyaltyPoints' in fields) changes.loyaltyPoints = unsigned64(fields, 'loyaltyPoints');
  if ('isActive' in fields) changes.isActive = flag(fields, 'isActive');
  return changes;
}

export function customerRoutes(customers: CustomerRepository): Router {
  const router = Router();

  router.post('/customers', async (request, response) => {
    const fields = readFields(request.body);
    const customer = readCustomer(fields);
    const list: unknown = fields['addresses'] ?? [];
    if (!Array.isArray(list) || list.length > 5) throw badRequest('addresses must be a list of at most 5');
    const id = await registerCustomer(
      customer,
      list.map((address: unknown) => readAddress(readFields(address))),
    );
    response.status(201).json({ id });
  });

  router.get('/customers', async (request, response) => {
    const customer = await customers.findByEmail(text({ ...request.query }, 'email', 190));
    if (customer === undefined) throw notFound('customer');
    response.json(customerView(customer));
  });

  router.get('/customers/:id', async (request, response) => {
    const id = bigId(request);
    const customer = await customers.findById(id);
    if (customer === undefined) throw notFound('customer');
    const addresses = await customers.addressesOf(id);
    response.json({ ...customerView(customer), addresses: addresses.map(addressView) });
  });

  router.patch('/customers/:id', async (request, response) => {
    const id = bigId(request);
    const changes = readChanges(readFields(request.body));
    try {
      if (!(await customers.update(id, changes))) throw notFound('customer');
    } catch (error) {
      if (mysqlErrorCode(error) === 'ER_DUP_ENTRY') throw conflict('this e-mail address is taken');
      throw error;
    }
    const customer = await customers.findById(id);
    if (customer === undefined) throw notFound('customer');
    response.json(customerView(customer));
  });

  router.delete('/customers/:id', async (request, response) => {
    try {
      if (!(await customers.remove(bigId(request)))) throw notFound('customer');
    } catch (error) {
      if (mysqlErrorCode(error) === 'ER_ROW_IS_REFERENCED_2') throw conflict('the customer has orders');
      throw error;
    }
    response.status(204).end();
  });

  return router;
}
