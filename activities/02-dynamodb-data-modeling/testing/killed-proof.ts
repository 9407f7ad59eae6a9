/** Makes the proof's tables over and over, for a test that kills it meanwhile. */
import type { MigrationPlan } from '../../../core/plan.ts';
import { awsClients } from '../../aws.ts';
import { planModel } from '../plan-model.ts';
import { proofPrefix } from '../proof-checks.ts';
import { createProofTables } from '../proof-tables.ts';
import { libraryAnalysis } from './library.ts';

const plan = JSON.parse(process.argv[2] ?? '{}') as MigrationPlan;
const { dynamodb } = awsClients(plan.target);
const prefix = proofPrefix({ migration: plan.name, plan });
for (;;) await createProofTables(dynamodb, planModel(libraryAnalysis(), {}).contract, prefix);
