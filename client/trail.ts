import { readHead, readTrail } from '../activities/orchestration/audit-trail.ts';
import { openStore, type MigrationStore } from '../activities/orchestration/open-store.ts';
import { verifyAudit, type AuditHead, type AuditVerification } from '../core/audit.ts';
import { CutoverError } from '../core/errors/index.ts';
import type { MigrationPlan } from '../core/plan.ts';
import type { Migrations } from './migrations.ts';
import { output, type Output } from './output.ts';
import { readPlan } from './plan-file.ts';
import { session, type GlobalOptions } from './session.ts';

/** What a command that reads the records works with. */
export interface RecordsSession {
  readonly out: Output;
  readonly plan: MigrationPlan;
  readonly trail: AuditVerification;
}

/**
 * Finds the records of a migration by its plan: from a file, or from the run itself (which then needs a worker to
 * answer). With a file Temporal is not needed: the trail outlives it; where it answers, the run's memory of the trail's
 * end is compared too.
 */
export async function recordsSession<T>(
  options: GlobalOptions & { readonly plan?: string },
  name: string,
  command: (session: RecordsSession) => Promise<T>,
): Promise<T> {
  if (options.plan === undefined) {
    return session(options, async ({ migrations, out }) => {
      const plan = await planOf(migrations, name);
      const { head } = await migrations.audit(name);
      return command({ out, plan, trail: await verifiedTrail(plan, head) });
    });
  }
  const plan = readPlan(options.plan);
  const remembered = await session(options, ({ migrations }) => migrations.audit(name)).catch(() => undefined);
  return command({ out: output(options.json === true), plan, trail: await verifiedTrail(plan, remembered?.head) });
}

async function planOf(migrations: Migrations, name: string): Promise<MigrationPlan> {
  const plan = await migrations.plan(name);
  if (plan !== null) return plan;
  const detail = 'Its plan was never accepted; pass --plan FILE.';
  throw new CutoverError('client.migration-unknown', { where: `migration ${name}`, detail });
}

/** Read between two equal heads, for a running migration writes to the trail. */
async function verifiedTrail(plan: MigrationPlan, remembered: AuditHead | undefined): Promise<AuditVerification> {
  const { blobs } = openStore(plan);
  for (;;) {
    const head = await readHead(blobs);
    const trail = await readTrail(blobs);
    const after = await readHead(blobs);
    if (head.hash !== after.hash) continue;
    return verifyAudit(trail, { head, ...(remembered === undefined ? {} : { remembered: [remembered] }) });
  }
}

/** The store of a plan. */
export function storeOf(plan: MigrationPlan): MigrationStore {
  return openStore(plan);
}
