/** Shorter secrets are not searched for: they would match everywhere and hide nothing. */
const MIN_REDACTED = 4;

/** Weaker secrets do not stop an artifact: a password `products` must not make a schema unwritable. */
const MIN_REFUSED = 8;

/**
 * Knows every secret that this process has resolved, and keeps it out of what leaves the process: replaced in logs,
 * failures and heartbeats, refused in artifacts and checkpoints (where a replacement would silently change content).
 */
export class Redactor {
  readonly #secrets = new Map<string, string>();

  /** Remembers a secret by the reference that it was resolved from. */
  add(value: string, reference: string): void {
    if (value.length >= MIN_REDACTED) this.#secrets.set(value, reference);
  }

  /** The text without secrets. Also finds them as they look inside JSON and inside a URL. */
  text(text: string): string {
    let result = text;
    for (const [value, reference] of this.#secrets) {
      for (const form of formsOf(value)) result = result.replaceAll(form, `[${reference}]`);
    }
    return result;
  }

  /** A JSON value without secrets, at any depth. */
  value<T>(value: T): T {
    if (typeof value === 'string') return this.text(value) as T;
    if (value instanceof Error) return this.text(value.stack ?? value.message) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.value(item)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.value<unknown>(inner)])) as T;
  }

  /** The reference of a secret that the bytes hold, if they do. */
  findIn(content: Uint8Array): string | undefined {
    const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    for (const [value, reference] of this.#secrets) {
      if (value.length < MIN_REFUSED || /^[a-z]+$/i.test(value)) continue;
      if (formsOf(value).some((form) => buffer.includes(form))) return reference;
    }
    return undefined;
  }
}

function formsOf(value: string): string[] {
  return [...new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])];
}
