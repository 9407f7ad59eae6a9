import { createHmac, timingSafeEqual } from 'node:crypto';

/** Puts one browser on a store of its own. */
export const COOKIE = 'cutover_reads';

export type Reads = 'mysql' | 'dynamodb';

/** Value of the cookie: `<reads>.<expiry in seconds since 1970>.<HMAC-SHA-256 over both>`. */
export function signCookie(reads: Reads, expires: Date, secret: string): string {
  const text = `${reads}.${Math.floor(expires.getTime() / 1000)}`;
  return `${text}.${signature(text, secret)}`;
}

/** What a request's Cookie header says, if it is ours and not expired. Anything else counts as no cookie. */
export function readsOf(header: string | undefined, secret: string, now = new Date()): Reads | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name !== COOKIE || value === undefined) continue;
    const [reads, expires, given, ...rest] = value.split('.');
    if (reads === undefined || expires === undefined || given === undefined || rest.length > 0) continue;
    if (reads !== 'mysql' && reads !== 'dynamodb') continue;
    if (!sameText(given, signature(`${reads}.${expires}`, secret))) continue;
    if (/^\d{1,12}$/.test(expires) && Number(expires) * 1000 > now.getTime()) return reads;
  }
  return undefined;
}

/** Compares in a time that tells nothing of where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function signature(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
