import type { Stage } from '../../core/stage.ts';
import { openSession, removeWorkTree } from '../application/index.ts';
import { executeStage } from './steps/execute.ts';
import { preflightStage } from './steps/preflight.ts';
import { ARTIFACT } from './steps/state.ts';
import { verifyStage } from './steps/verify.ts';

/** Stage 3: the application gets a data access layer, in nine commits on a branch of its own. */
export const stage: Stage = {
  id: '03-dal-abstraction',
  preflight: preflightStage,
  execute: executeStage,
  verify: verifyStage,
  gates: async (context) => [
    {
      id: '03-dal-abstraction/hand-over',
      question: `Go on with the application as refactored on branch cutover/${context.migration}?`,
      evidence: [
        `${ARTIFACT.report}: nine commits, checks after each, recorded traffic replayed`,
        `${ARTIFACT.layer}: the methods that stage 4 will implement on DynamoDB`,
      ],
    },
  ],
  compensate: async (context) => {
    const session = await openSession(context);
    await removeWorkTree(session.workFolder);
    await session.scratch.drop();
    await context.artifacts.removeBelow('stage-03');
    await context.checkpoint.clear();
  },
};
