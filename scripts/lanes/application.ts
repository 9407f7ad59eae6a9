/**
 * Takes an application of `test/applications` through the real stages, by its own plan and on servers of its own, and
 * prints how far it goes; where it parks, with code, place and remedy.
 *
 *   npm run lane:application -- <name> [--keep]
 */
const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9-]*$/.test(name)) {
  process.stderr.write('Say which application: npm run lane:application -- <name> [--keep]\n');
  process.exit(2);
}
// The folder and the stack's name are settled when the demo's settings are loaded.
process.env['CUTOVER_DEMO'] = `lane-${name}`;
const { runLane } = await import('./application/run.ts');
process.exitCode = await runLane(name, process.argv.includes('--keep'));
