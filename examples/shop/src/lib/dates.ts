/** MySQL's "2024-02-29 12:00:00", of a TIMESTAMP, as ISO 8601; the database's clock is UTC. */
export function isoSecond(value: string): string {
  return `${value.replace(' ', 'T')}Z`;
}

/**
 * MySQL's "2024-02-29 12:00:00.123456", of a DATETIME(6), as ISO 8601 with all six decimals. Prepared statements leave
 * them out when they are all zero, plain queries don't.
 */
export function isoMicrosecond(value: string): string {
  const [seconds = '', micros = ''] = value.split('.');
  return `${seconds.replace(' ', 'T')}.${micros.padEnd(6, '0')}Z`;
}
