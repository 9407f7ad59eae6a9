import { setTimeout as sleep } from 'node:timers/promises';
import { mysqlErrorCode } from './errors.js';

/** Runs a whole transaction, or a single statement, again when MySQL chose it as the victim of a deadlock. */
export async function retryOnDeadlock<T>(work: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (mysqlErrorCode(error) !== 'ER_LOCK_DEADLOCK' || attempt === attempts) throw error;
      await sleep(10 * 2 ** attempt);
    }
  }
}
