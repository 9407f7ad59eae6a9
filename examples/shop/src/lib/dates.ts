/** MySQL's "2024-02-29 12:00:00.123456" as ISO 8601; the database's clock is UTC. */
export function isoMoment(value: string): string {
  return `${value.replace(' ', 'T')}Z`;
}

export function isoMomentOrNull(value: string | null): string | null {
  return value === null ? null : isoMoment(value);
}
