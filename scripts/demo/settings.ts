import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PortWishes } from '../../stack/index.ts';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Another name gives a demo of its own, on free ports, beside the one that an operator may have kept (the tests do). */
const NAME = process.env['CUTOVER_DEMO'] ?? 'demo';

/** Everything that the demo makes lies here; removed when it starts again. */
export const DEMO = join(ROOT, '.cutover', NAME);

/** Name of the embedded stack. */
export const STACK = NAME;

/** The ports that `examples/shop/migration.json` names. */
export const PORTS: PortWishes =
  NAME === 'demo' ? { temporal: 27233, temporalUi: 28233, mysql: 23306, aws: 24566 } : {};

/** The shop's database user; the password is made anew for each run and reaches processes by their environment. */
export const MYSQL_USER = 'shop';
export const PASSWORD_VARIABLE = 'SHOP_MYSQL_PASSWORD';
export const DATABASE = 'shop';
export const ADMIN_KEY = 'demo-admin';
