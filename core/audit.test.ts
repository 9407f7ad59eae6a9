import { describe, expect, it } from '@jest/globals';
import { EMPTY_AUDIT, chain, verifyAudit, type AuditHead, type AuditRecord } from './audit.ts';
import { canonicalJson } from './canonical-json.ts';

function trail(length: number): { lines: string[]; head: AuditHead; records: AuditRecord[] } {
  let head = EMPTY_AUDIT;
  const records = Array.from({ length }, (_, index) => {
    const event = { key: `run/${index}`, when: '2026-01-01T00:00:00.000Z', who: 'ada', what: `event-${index}` };
    const record = chain(event, head);
    head = { count: record.seq, hash: record.hash };
    return record;
  });
  return { lines: records.map((record) => `${canonicalJson(record)}\n`), head, records };
}

const { lines, head, records } = trail(5);

describe('verifyAudit', () => {
  it('accepts what was written', () => {
    expect(verifyAudit(lines.join(''), { head, remembered: [head] })).toEqual({ ok: true, records, head });
    expect(verifyAudit('', { head: EMPTY_AUDIT }).ok).toBe(true);
  });

  it.each<[string, (lines: string[]) => string[], number, RegExp]>([
    ['a changed record', (l) => l.map((line) => line.replace('event-2', 'event-9')), 3, /record 3 was changed/],
    ['a changed name', (l) => l.map((line, i) => (i === 1 ? line.replace('ada', 'eve') : line)), 2, /was changed/],
    ['a removed record', (l) => l.filter((_, index) => index !== 1), 2, /record 2 is missing/],
    ['the first record removed', (l) => l.slice(1), 1, /record 1 is missing/],
    ['reordered records', ([a = '', b = '', ...l]) => [b, a, ...l], 1, /record 1 is missing or out of order/],
    ['a tail cut off', (l) => l.slice(0, 3), 4, /records 4 to 5 are missing at the end/],
    ['everything removed', () => [], 1, /records 1 to 5 are missing/],
    ['a record half written', (l) => [...l.slice(0, 4), (l[4] ?? '').slice(0, 20)], 5, /not whole/],
    ['something else in between', (l) => [...l.slice(0, 2), 'hello\n', ...l.slice(2)], 3, /not an audit record/],
    ['records added by hand', () => trail(8).lines, 7, /after 6 were not anchored/],
  ])('finds %s', (_name, tamper, line, finding) => {
    const result = verifyAudit(tamper([...lines]).join(''), { head });
    expect(result.ok).toBe(false);
    expect(result.broken?.line).toBe(line);
    expect(result.broken?.finding).toMatch(finding);
  });

  it('finds a whole trail that was forged with its head, by what the workflow remembers', () => {
    let forged = EMPTY_AUDIT;
    const text = records
      .map(({ key, when, what }) => {
        const record = chain({ key, when, what, who: 'eve' }, forged);
        forged = { count: record.seq, hash: record.hash };
        return `${canonicalJson(record)}\n`;
      })
      .join('');
    expect(verifyAudit(text, { head: forged }).ok).toBe(true);
    expect(verifyAudit(text, { head: forged, remembered: [head] }).broken?.finding).toMatch(
      /not the one that was anchored/,
    );
  });

  it('allows one record that a killed worker wrote and could not anchor', () => {
    const before = trail(4).head;
    expect(verifyAudit(lines.join(''), { head: before }).ok).toBe(true);
  });
});
