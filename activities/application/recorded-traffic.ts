import type { StageContext } from '../../core/stage.ts';
import { fromJsonLines, type Recording } from './exchange.ts';

/** What stage 3 recorded of the untouched application; nothing when the plan has no traffic command. */
export async function recordedTraffic(context: StageContext): Promise<Recording> {
  if (context.plan.application.traffic === undefined) return { window: { from: 0, to: 0 }, exchanges: [] };
  return fromJsonLines(Buffer.from(await context.input('stage-03/traffic.jsonl')).toString('utf8'));
}
