import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that the demo makes lies here; removed when it starts again. */
export const DEMO = join(ROOT, '.cutover', 'demo');

/** The migration's input; its ports are those below. */
export const PLAN_FILE = join(ROOT, 'examples', 'shop', 'migration.json');

/** Name of the embedded stack, and the ports that `examples/shop/migration.json` names. */
export const STACK = 'demo';
export const PORTS = { temporal: 27233, temporalUi: 28233, mysql: 23306, aws: 24566 } as const;

/** The shop's database user; the password is made anew for each run and reaches processes by their environment. */
export const MYSQL_USER = 'shop';
export const PASSWORD_VARIABLE = 'SHOP_MYSQL_PASSWORD';
export const DATABASE = 'shop';
export const ADMIN_KEY = 'demo-admin';
