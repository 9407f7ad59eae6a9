import type { Connection } from 'mysql2/promise';
import { Loader } from './loader.js';
import { calendarDay, microsecond, second } from './moments.js';
import { Random } from './random.js';
import type { Sizes } from './sizes.js';
import { CITIES, COUNTRIES, FIRST_NAMES, LAST_NAMES, STREETS } from './words.js';

/** Points that a JSON number can't hold, and their neighbours. */
const POINTS = ['0', '18446744073709551615', '9223372036854775808', '9007199254740993', '18446744073709551614'];
const BIRTHS = ['1000-01-01', '9999-12-31', '2000-02-29', '1900-03-01', null];
const CREATIONS = ['1970-01-01 00:00:01', '2038-01-19 03:14:07', '2024-02-29 23:59:59'];
const CONTACTS = ['', 'email', 'sms', 'email,sms', 'email,post', 'post,phone', 'email,sms,post,phone'];
const EXPIRIES = ['1000-01-01 00:00:00.000000', '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999'];

/** The ids of each customer's addresses, by the customer's id. */
export type AddressBook = number[][];

export async function loadCustomers(connection: Connection, seed: string, sizes: Sizes): Promise<AddressBook> {
  const random = new Random(`${seed}:customers`);
  const columns = ['id', 'email', 'name', 'phone', 'birth_date', 'contact_by', 'loyalty_points', 'is_active'];
  const customers = new Loader(connection, 'customers', [...columns, 'created_at']);
  const addresses = new Loader(
    connection,
    'addresses',
    ['id', 'customer_id', 'label', 'line1', 'line2', 'city', 'postcode', 'country', 'is_default'],
    customers,
  );
  const devices = new Loader(
    connection,
    'devices',
    ['push_token', 'customer_id', 'platform', 'expires_at', 'registered_at'],
    customers,
  );
  const book: AddressBook = [[]];
  for (let id = 1; id <= sizes.customers; id += 1) {
    const [first, last] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES)];
    const emoji = random.chance(0.05) ? ` ${random.pick(['🦊', '👩🏽‍🚀', '🏳️‍🌈', '𝓐'])}` : '';
    await customers.add(
      id,
      `${random.pick(['Mail', 'post', 'info', 'HELLO'])}.${id}@${random.pick(['example.com', 'Example.ORG', 'shop.test'])}`,
      `${first} ${last}${emoji}`,
      random.pick([null, '', `+45 ${random.between(10_000_000, 99_999_999)}`]),
      id <= BIRTHS.length
        ? (BIRTHS[id - 1] ?? null)
        : random.chance(0.3)
          ? null
          : calendarDay(random.between(-29_000, -7_000)),
      random.pick(CONTACTS),
      POINTS[id - 1] ?? String(random.between(0, 50_000)),
      random.chance(0.95) ? 1 : 0,
      CREATIONS[id - 1] ?? second(random.between(-40_000_000, 0)),
    );
    const own: number[] = [];
    for (let left = random.between(0, 3); left > 0; left -= 1) {
      const addressId = addresses.count + 1;
      const place = random.between(0, CITIES.length - 1);
      own.push(addressId);
      await addresses.add(
        addressId,
        id,
        random.pick(['', 'Home', 'Work 🏢', 'Parents']),
        `${random.pick(STREETS)} ${random.between(1, 250)}`,
        random.pick([null, '', '2nd floor']),
        CITIES[place] ?? '',
        String(random.between(1000, 99999)),
        COUNTRIES[place] ?? 'DE',
        own.length === 1 ? 1 : 0,
      );
    }
    book.push(own);
    for (let left = random.between(0, 2); left > 0; left -= 1) {
      // The customer's id within makes the token unique; zero bytes and 0xff are as good as any.
      const unique = Buffer.from([0, 255, id >>> 24, (id >>> 16) & 255, (id >>> 8) & 255, id & 255, left]);
      const year = random.pick([-30_000_000, 20_000_000, 2_500_000_000]);
      await devices.add(
        Buffer.concat([unique, random.bytes(random.between(0, 57))]),
        id,
        random.pick(['ios', 'android', 'web']),
        EXPIRIES[devices.count] ?? microsecond(year + random.between(0, 20_000_000), random.between(0, 999_999)),
        second(random.between(0, 60_000_000)),
      );
    }
  }
  await addresses.flush();
  await devices.flush();
  return book;
}
