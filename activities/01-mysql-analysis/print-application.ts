import path from 'node:path';
import { analyseApplication } from './application/index.ts';

/**
 * Prints what the analysis finds in an application's source, without a database:
 * `npx tsx activities/01-mysql-analysis/print-application.ts <folder> [source folder…] [--list]`
 */
const [folder = '.', ...rest] = process.argv.slice(2);
const sources = rest.filter((each) => !each.startsWith('--'));
const found = await analyseApplication({
  root: path.resolve(folder),
  sources: sources.length === 0 ? ['.'] : sources,
});
const unresolved = found.unresolved;
console.log(`framework     ${found.framework}`);
console.log(`call sites    ${found.callSites.length}`);
console.log(`builder calls ${found.builderCalls?.length ?? 0}`);
console.log(`routes        ${found.routes.length}`);
console.log(`transactions  ${found.transactions.length}`);
console.log(`unresolved    ${unresolved.length}`);
if (rest.includes('--list')) {
  for (const one of found.callSites) {
    const fields = one.resultFields === undefined ? '' : ` (${one.resultFields.join(', ')})`;
    console.log(
      `${one.id} ${one.span.file}:${one.span.line} ${one.within} ${one.statement} ${one.style} ${one.receiver} ${one.result}${fields}`,
    );
  }
  for (const one of found.builderCalls ?? []) {
    console.log(
      `${one.id} ${one.file}:${one.line} ${one.library} ${one.kind} ${one.operations.join('.')} ${one.target ?? '–'}`,
    );
  }
  for (const one of found.routes) {
    console.log(
      `${one.id} ${one.method} ${one.path} [${one.guards.join(', ')}] ${[...one.callSites, ...(one.builderCalls ?? [])].join(' ')} ${one.file}:${one.line}`,
    );
  }
  for (const one of found.transactions)
    console.log(`${one.id} ${one.file}:${one.line} ${one.within} ${one.callSites.join(' ')}`);
}
for (const one of unresolved) console.log(`UNRESOLVED ${one.file}:${one.line} ${one.reason}: ${one.excerpt}`);
