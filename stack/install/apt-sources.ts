import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A mirror that the machine already trusts, and with which keys. */
export interface AptSource {
  readonly uri: string;
  readonly signedBy: string;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Sources in the format of one stanza of `Key: value` lines each. */
function parseStanzas(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const line of stanza.split('\n')) {
      const match = /^([A-Za-z-]+):\s*(.+)$/.exec(line);
      if (match?.[1] !== undefined && match[2] !== undefined) fields.set(match[1].toLowerCase(), match[2].trim());
    }
    if (fields.get('enabled') === 'no') return [];
    const uri = fields.get('uris')?.split(/\s+/)[0];
    return uri === undefined ? [] : [{ uri, signedBy: fields.get('signed-by') ?? KEYRING }];
  });
}

/** Sources in the older format, one line each. */
function parseLines(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+\S+/.exec(line.trim());
    if (match?.[2] === undefined) return [];
    return [{ uri: match[2], signedBy: /signed-by=(\S+)/.exec(match[1] ?? '')?.[1] ?? KEYRING }];
  });
}

/**
 * The Debian mirror of this machine: no mirror's name is written anywhere in this project.
 * The security archive and third parties are left out, as they don't carry the suite.
 */
export function readAptSources(root = '/etc/apt'): AptSource | undefined {
  const parts = path.join(root, 'sources.list.d');
  const files = existsSync(parts)
    ? readdirSync(parts)
        .sort()
        .map((name) => path.join(parts, name))
    : [];
  const found: AptSource[] = [];
  for (const file of [path.join(root, 'sources.list'), ...files]) {
    if (!existsSync(file)) continue;
    if (file.endsWith('.sources')) found.push(...parseStanzas(readFileSync(file, 'utf8')));
    if (file.endsWith('.list')) found.push(...parseLines(readFileSync(file, 'utf8')));
  }
  return found.find((source) => /\/debian\/?$/.test(source.uri));
}
