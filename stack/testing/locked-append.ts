/** Started by tests, several at once: appends `in` and `out` to a file under a lock, ten times. */
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { withLock } from '../base/lock.ts';

const [, , lock = '', file = ''] = process.argv;
for (let turn = 0; turn < 10; turn++) {
  await withLock(lock, { timeoutMs: 30_000 }, async () => {
    appendFileSync(file, 'in\n');
    await delay(2);
    appendFileSync(file, 'out\n');
  });
}
