/** `npm run bench:model`: how long the search for a model takes, and how much memory, by size of the analysis. */
import { planModel } from '../../activities/02-dynamodb-data-modeling/plan-model.ts';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generate, generatedAnalysis } from './generated.ts';

const CASES = [
  { tables: 13, columns: 10, patterns: 70 },
  { tables: 100, columns: 20, patterns: 200 },
  { tables: 2000, columns: 20, patterns: 0 },
  { tables: 2000, columns: 20, patterns: 1000 },
] as const;

const [, , which] = process.argv;
if (which === undefined) {
  console.log('| tables | columns | patterns | candidates | chosen | seconds | peak memory |');
  console.log('|---:|---:|---:|---:|---|---:|---:|');
  // A process each, so that the peak of one is not that of another.
  for (const at of CASES.keys()) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), String(at)], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
} else {
  const size = CASES[Number(which)];
  if (!size) throw new Error(`No case ${which}.`);
  const analysis = generatedAnalysis(generate(7, size.tables, size.columns), size.patterns);
  const started = performance.now();
  const { choice, contract } = planModel(analysis, {});
  const seconds = (performance.now() - started) / 1000;
  const columns = analysis.tables.reduce((sum, table) => sum + table.columns.length, 0);
  const mapped = contract.tables.flatMap(({ entities }) => entities).flatMap(({ attributes }) => attributes).length;
  if (mapped !== columns) throw new Error(`${mapped} of ${columns} columns are mapped.`);
  const peak = process.resourceUsage().maxRSS / 1024;
  const cells = [
    ...[analysis.tables.length, columns, analysis.accessPatterns.length, choice.ranked.length],
    ...[choice.chosen.model.id, seconds.toFixed(1), `${peak.toFixed(0)} MiB`],
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
