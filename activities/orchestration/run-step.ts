import { Context } from '@temporalio/activity';
import type { StepInput } from '../../core/activity-contract.ts';
import { heartbeatOf } from '../../core/heartbeat.ts';
import type { Progress, StageContext } from '../../core/stage.ts';
import type { StageId } from '../../core/stages.ts';
import { stageContext, type ContextOptions } from './context.ts';
import { interruption, toFailure } from './failures.ts';
import type { Redactor } from './redactor.ts';

/** Well below the heartbeat timeout of the stage table, so that a step that is busy elsewhere still counts as alive. */
const ALIVE_EVERY_MS = 5000;

/** Runs one method of a stage as an activity: context, heartbeats, errors as the workflow understands them. */
export async function runStep<T>(
  stage: StageId,
  input: StepInput,
  redactor: Redactor,
  work: (context: StageContext) => Promise<T>,
  options: ContextOptions = {},
): Promise<T> {
  const activity = Context.current();
  const signal = activity.cancellationSignal;
  let latest: Progress | undefined;
  const beat = (): void => {
    activity.heartbeat(heartbeatOf(new Date(), latest));
  };
  const timer = setInterval(beat, ALIVE_EVERY_MS);
  try {
    const progress = (value: Progress): void => {
      latest = value;
      beat();
    };
    const context = await stageContext(stage, input, { redactor, signal, log: activity.log, progress }, options);
    return await work(context);
  } catch (error) {
    if (signal.aborted) throw interruption(activity.cancellationDetails?.cancelRequested === true);
    throw toFailure(error, redactor);
  } finally {
    clearInterval(timer);
  }
}
