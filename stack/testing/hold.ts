/** Started by tests in a process of its own: starts MySQL as stack `argv[2]`, says its pid, and ends as `argv[3]` says. */
import { startStack } from '../index.ts';

const [, , name = 'held', how = 'wait'] = process.argv;
const stack = await startStack({ name, parts: ['mysql'] });
process.stdout.write(`${stack.processes()[0]?.pid ?? 0}\n`);
if (how === 'throw') throw new Error('on purpose');
if (how === 'wait') setInterval(() => undefined, 1000);
