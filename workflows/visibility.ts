import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../core/search-attributes.ts';
import type { MigrationStatus } from './status.ts';

/** Shows the state where operators look: search attributes for lists, details for the page of the run. */
export class Visibility {
  #shown = '';

  show(status: MigrationStatus): void {
    setCurrentDetails(details(status));
    const { migration, stage, status: name, problem } = status;
    // Each upsert is an event of the history: only what changed is worth one.
    const shown = JSON.stringify([migration, stage, name, problem?.stage]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    upsertSearchAttributes([
      { key: searchAttributes.migration, value: migration },
      { key: searchAttributes.status, value: name },
      { key: searchAttributes.stage, value: stage },
      { key: searchAttributes.failedStage, value: problem?.stage ?? null },
    ]);
  }
}

/** The state as Markdown. */
export function details({ migration, status, stage, step, problem, gates, stages, accepts }: MigrationStatus): string {
  const lines = [`## ${migration}: ${status}`, ''];
  if (stage !== null) lines.push(`Stage **${stage}**${step === null ? '' : `, step **${step}**`}.`, '');
  if (problem !== null) {
    lines.push(`### Parked: \`${problem.code}\` in ${problem.stage} (${problem.step})`, '');
    lines.push(`- Where: ${problem.where}`, `- Cause: ${problem.cause}`, `- What to do: ${problem.remedy}`, '');
  }
  for (const gate of gates.filter(({ state }) => state === 'open')) {
    lines.push(`### Gate \`${gate.id}\` waits`, '', gate.question, '', ...gate.evidence.map((line) => `- ${line}`), '');
  }
  lines.push('| stage | status | checks | artifacts |', '|---|---|---|---|');
  for (const { id, status: of, checks, artifacts } of stages)
    lines.push(`| ${id} | ${of} | ${checks.passed}/${checks.total} | ${artifacts} |`);
  if (accepts.length > 0) lines.push('', `Accepts now: ${accepts.join(', ')}.`);
  // The server refuses more than 20,000 bytes.
  return lines.join('\n').slice(0, 9000);
}
