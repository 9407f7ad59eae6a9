/**
 * Runs stages 1 and 2 on the database and sources that it is told of, in this process's folder, zone and locale, and
 * prints the hash of every file that they give.
 */
import { stageContext } from '../../../test/support/stage-context.ts';
import type { MigrationPlan } from '../../../core/plan.ts';
import { stage as analysis } from '../../01-mysql-analysis/index.ts';
import { stage as modelling } from '../index.ts';

const plan = JSON.parse(process.argv[2] ?? '{}') as MigrationPlan;
const first = await stageContext(plan, {});
const files = [...(await analysis.execute(first))];
const second = await stageContext(plan, { 'stage-01/analysis.json': first.text('stage-01/analysis.json') });
files.push(...(await modelling.execute(second)));
process.stdout.write(JSON.stringify(files.map(({ name, sha256, bytes }) => [name, sha256, bytes])));
