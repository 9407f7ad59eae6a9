/** Makes text safe for errors, logs and artifacts: known secrets and passwords in URLs become `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  let safe = text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+(@)/gi, '$1***$2');
  // Longest first, so that a secret that contains another one goes as a whole.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    // Very short values (`1`, `on`) are no secrets and would tear the text apart.
    if (secret.length >= 4) safe = safe.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
  }
  return safe;
}
