import { readHead, readTrail } from '../activities/orchestration/audit-trail.ts';
import { openStore, type MigrationStore } from '../activities/orchestration/open-store.ts';
import { verifyAudit, type AuditVerification } from '../core/audit.ts';
import { CutoverError } from '../core/errors/index.ts';
import type { MigrationPlan } from '../core/plan.ts';
import type { Migrations } from './migrations.ts';
import { readPlan } from './plan-file.ts';

/** The plan of a migration: from a file, or from the run itself (which then needs a worker to answer). */
export async function planOf(migrations: Migrations, name: string, file: string | undefined): Promise<MigrationPlan> {
  if (file !== undefined) return readPlan(file);
  const plan = await migrations.plan(name);
  if (plan !== null) return plan;
  const detail = 'Its plan was never accepted; pass --plan FILE.';
  throw new CutoverError('client.migration-unknown', { where: `migration ${name}`, detail });
}

/**
 * Reads and verifies the audit trail. Read between two equal heads, for a running migration writes to it; compared with
 * what the run remembers, when it can be asked.
 */
export async function verifiedTrail(plan: MigrationPlan, migrations?: Migrations): Promise<AuditVerification> {
  const { blobs } = openStore(plan);
  const remembered = await migrations?.audit(plan.name).catch(() => undefined);
  for (;;) {
    const head = await readHead(blobs);
    const trail = await readTrail(blobs);
    const after = await readHead(blobs);
    if (head.hash !== after.hash) continue;
    return verifyAudit(trail, { head, ...(remembered === undefined ? {} : { remembered: [remembered.head] }) });
  }
}

/** The store of a plan. */
export function storeOf(plan: MigrationPlan): MigrationStore {
  return openStore(plan);
}
