import type { WeightedActions } from './actions.js';
import type { Json } from './client.js';
import type { World } from './world.js';

const NAMES = ['Ana', 'Björn', 'Chloé 🦊', "O'Brien", '李 小龙', 'Zoë "Z"'];

function address(world: World): Json {
  const { random } = world;
  return {
    label: random.pick(['', 'Home', 'Work 🏢']),
    line1: `${random.between(1, 99)} Birch Lane`,
    line2: random.pick([null, '', '2nd floor']),
    city: random.pick(['Delft', 'São Paulo', 'Århus']),
    postcode: String(random.between(1000, 9999)),
    country: random.pick(['NL', 'BR', 'DK', 'nl']),
  };
}

function fields(world: World): Json {
  const { random } = world;
  return {
    phone: random.pick([null, '', '+45 1234']),
    birthDate: random.pick([null, '1000-01-01', '2000-02-29', '9999-12-31', '2023-02-29']),
    contactBy: random.pick([[], ['email'], ['post', 'sms'], ['phone', 'email']]),
    loyaltyPoints: random.pick(['0', '42', '9007199254740993', '18446744073709551615']),
    isActive: random.chance(0.9),
  };
}

function email(world: World): string {
  if (world.emails.length === 0 || world.random.chance(0.9)) return `${world.unique('Mail')}@example.com`;
  const taken = world.random.pick(world.emails);
  return world.random.pick([taken, taken.toUpperCase(), taken.replace('a', 'à')]);
}

async function register(world: World): Promise<void> {
  const address1 = address(world);
  const body = {
    email: email(world),
    name: world.random.pick(NAMES),
    ...(world.random.chance(0.7) ? fields(world) : {}),
    ...(world.random.chance(0.5) ? { addresses: [address1, address(world)] } : {}),
  };
  const answer = await world.client.send({ method: 'POST', route: '/customers', path: '/customers', body });
  if (answer.status !== 201) return;
  world.customers.push(String(answer.body['id']));
  world.emails.push(body.email);
}

async function change(world: World): Promise<void> {
  const { random } = world;
  const all: Json = { ...fields(world), name: random.pick(NAMES), email: email(world) };
  const body = Object.fromEntries(Object.entries(all).filter(() => random.chance(0.3)));
  const path = `/customers/${world.customer()}`;
  await world.client.send({ method: 'PATCH', route: '/customers/:id', path, body });
}

async function addAddress(world: World): Promise<void> {
  const id = world.customer();
  const answer = await world.client.send({
    method: 'POST',
    route: '/customers/:id/addresses',
    path: `/customers/${id}/addresses`,
    body: { ...address(world), isDefault: world.random.chance(0.4) },
  });
  if (answer.status === 201) world.addresses.push([id, Number(answer.body['id'])]);
}

async function deleteAddress(world: World): Promise<void> {
  const [id, addressId] = world.some(world.addresses, [world.customer(), 4294967295]);
  const path = `/customers/${id}/addresses/${addressId}`;
  await world.client.send({ method: 'DELETE', route: '/customers/:id/addresses/:addressId', path });
}

async function registerDevice(world: World): Promise<void> {
  const { random } = world;
  const fresh = world.tokens.length === 0 || random.chance(0.7);
  const token = fresh ? Buffer.from(`\0${world.unique('token')}`).toString('hex') : random.pick(world.tokens);
  const expiresAt = random.pick([
    '2020-01-01T00:00:00Z',
    '1000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    'soon',
  ]);
  const answer = await world.client.send({
    method: 'PUT',
    route: '/customers/:id/devices/:pushToken',
    path: `/customers/${world.customer()}/devices/${token}`,
    body: { platform: random.pick(['ios', 'android', 'web']), expiresAt },
  });
  if (answer.status === 204 && fresh) world.tokens.push(token);
}

/** A customer's own page: whatever comes after their id. */
function visit(world: World, rest: string, query = ''): Promise<unknown> {
  const path = `/customers/${world.customer()}${rest}${query}`;
  return world.client.send({ method: 'GET', route: `/customers/:id${rest}`, path });
}

export const CUSTOMER_ACTIONS: WeightedActions = [
  [5, register],
  [
    2,
    (world) => {
      const wanted = encodeURIComponent(world.some(world.emails, 'nobody@example.com').toUpperCase());
      return world.client.send({ method: 'GET', route: '/customers', path: `/customers?email=${wanted}` });
    },
  ],
  [5, (world) => visit(world, '')],
  [4, change],
  [
    1,
    (world) => world.client.send({ method: 'DELETE', route: '/customers/:id', path: `/customers/${world.customer()}` }),
  ],
  [3, addAddress],
  [2, deleteAddress],
  [3, (world) => visit(world, '/devices')],
  [3, registerDevice],
  [
    1,
    (world) =>
      world.client.send({
        method: 'DELETE',
        route: '/customers/:id/devices/expired',
        path: `/customers/${world.customer()}/devices/expired`,
      }),
  ],
  [4, (world) => visit(world, '/notifications', world.random.pick(['', '?unread=true', `?${world.page()}`]))],
  [
    1.5,
    (world) =>
      world.client.send({
        method: 'POST',
        route: '/customers/:id/notifications/read',
        path: `/customers/${world.customer()}/notifications/read`,
      }),
  ],
  [0.5, (world) => world.client.send({ method: 'POST', route: '/customers', path: '/customers', text: '{"email":' })],
];
