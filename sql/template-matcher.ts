import type { SqlPart, SqlTemplate } from '../core/sql-template.ts';
import { canonicalTokens } from './normalise.ts';

/**
 * Tells whether a template can produce a normalised statement, without expanding its variants: for builders with more
 * options than variants are listed. Conditions are taken as independent and a joined list as any of its items in any
 * order, so it may accept a little more than the code can send.
 */
export function templateMatcher(template: SqlTemplate): (normalisedSql: string) => boolean {
  const pattern = new RegExp(`^${template.parts.map(pieceOf).join('')}$`);
  return (normalisedSql) => pattern.test(words(canonicalTokens(normalisedSql)));
}

function pieceOf(part: SqlPart): string {
  switch (part.kind) {
    case 'text':
      return escape(words(canonicalTokens(part.text)));
    case 'parameter':
    case 'list':
      return escape('? ');
    case 'rows':
      return String.raw`\( \? (?:, \? )*\) `;
    case 'optional':
      return `(?:${part.parts.map(pieceOf).join('')})?`;
    case 'choice':
      return `(?:${part.alternatives.map((one) => one.parts.map(pieceOf).join('')).join('|')})`;
    case 'joined': {
      const item = `(?:${part.items.map((one) => (one.kind === 'optional' ? one.parts.map(pieceOf).join('') : pieceOf(one))).join('|')})`;
      return `(?:${item}(?:${escape(words(canonicalTokens(part.separator)))}${item})*)?`;
    }
  }
}

/** Each word followed by one space, so that pieces can be put together. */
function words(tokens: readonly string[]): string {
  return tokens.map((token) => `${token} `).join('');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
