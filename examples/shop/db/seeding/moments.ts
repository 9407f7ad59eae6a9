/** Moments are counted in seconds since 2024-01-01 UTC, so that nothing depends on the clock or the time zone. */
const EPOCH = Date.UTC(2024, 0, 1);

/** "2024-02-29 12:00:00" */
export function second(seconds: number): string {
  return new Date(EPOCH + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** "2024-02-29 12:00:00.123456" */
export function microsecond(seconds: number, micros: number): string {
  return `${second(seconds)}.${String(micros).padStart(6, '0')}`;
}

/** "2024-02-29" */
export function calendarDay(days: number): string {
  return second(days * 86_400).slice(0, 10);
}
