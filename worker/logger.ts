import { DefaultLogger, type LogLevel, type Logger } from '@temporalio/worker';
import { pino, stdTimeFunctions } from 'pino';

const LEVELS: Readonly<Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** One JSON line an event on standard output; level by `CUTOVER_LOG_LEVEL` (default `info`). */
export function workerLogger(level = process.env['CUTOVER_LOG_LEVEL'] ?? 'info'): Logger {
  const log = pino({ level, timestamp: stdTimeFunctions.isoTime });
  return new DefaultLogger(
    level === 'trace' || level === 'debug' ? 'TRACE' : 'INFO',
    ({ level: of, message, meta }) => {
      log[LEVELS[of]](meta ?? {}, message);
    },
  );
}
