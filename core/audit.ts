import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** What happened, before it has its place in the chain. `when` is the workflow's own clock. */
export interface AuditEvent {
  /** Unique for one event of one run: a retried activity appends it only once. */
  readonly key: string;
  readonly when: string;
  /** A person as they named themselves, `policy:auto`, or `cutover`. */
  readonly who: string;
  /** Such as `stage.recorded` or `gate.approved`. */
  readonly what: string;
  readonly stage?: string;
  readonly why?: string;
  /** Facts that the event rests on: hashes of files, counts, codes. Never secrets nor row values. */
  readonly evidence?: Readonly<Record<string, string | number | boolean>>;
}

/** One line of `audit.jsonl`. `hash` covers everything else in the record, `previous` included. */
export interface AuditRecord extends AuditEvent {
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}

/** The end of the chain, kept beside it (`audit.head.json`) and in the workflow: it finds a truncated tail. */
export interface AuditHead {
  readonly count: number;
  readonly hash: string;
}

/** `previous` of the first record. */
export const AUDIT_GENESIS = '0'.repeat(64);

/** The end of an empty trail. */
export const EMPTY_AUDIT: AuditHead = { count: 0, hash: AUDIT_GENESIS };

function hashOf(record: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex');
}

/** Puts an event at the end of the chain. */
export function chain(event: AuditEvent, head: AuditHead): AuditRecord {
  const record = { ...event, seq: head.count + 1, previous: head.hash };
  return { ...record, hash: hashOf(record) };
}

/** What was found of a trail: its records, and where it first breaks, if it does. */
export interface AuditVerification {
  readonly ok: boolean;
  readonly records: readonly AuditRecord[];
  readonly head: AuditHead;
  /** Line from 1, and what is wrong with it; absent when the whole chain holds. */
  readonly broken?: { readonly line: number; readonly finding: string };
}

/** What the end of a trail is compared with. */
export interface AuditAnchors {
  /** The head file beside the trail: nothing but one record in flight may stand beyond it. */
  readonly head?: AuditHead;
  /** Ends that somebody else remembers, such as the workflow: the trail must contain them, and may have grown since. */
  readonly remembered?: readonly AuditHead[];
}

/**
 * Walks the chain and compares its end with the anchors. Finds a record that was changed, removed, added, reordered,
 * and a tail that was cut off. One record beyond the head file is not a finding: a worker may die after it wrote the
 * record and before it moved the head, and the retry moves it.
 */
export function verifyAudit(text: string, anchors: AuditAnchors): AuditVerification {
  const records: AuditRecord[] = [];
  const keys = new Set<string>();
  let head = EMPTY_AUDIT;
  const broken = (line: number, finding: string): AuditVerification => ({
    ok: false,
    records,
    head,
    broken: { line, finding },
  });

  const lines = text.split('\n');
  if (lines.pop() !== '') return broken(lines.length + 1, 'the last record is not whole');
  for (const [index, line] of lines.entries()) {
    const record = parse(line);
    if (record === undefined) return broken(index + 1, 'the line is not an audit record');
    const { hash, ...content } = record;
    if (hashOf(content) !== hash) return broken(index + 1, `record ${record.seq} was changed: its hash does not fit`);
    if (record.seq !== head.count + 1) return broken(index + 1, `record ${head.count + 1} is missing or out of order`);
    if (record.previous !== head.hash)
      return broken(index + 1, `record ${record.seq} does not follow the one before it`);
    if (keys.has(record.key)) return broken(index + 1, `event ${record.key} is there twice`);
    keys.add(record.key);
    records.push(record);
    head = { count: record.seq, hash };
  }
  for (const anchor of [...(anchors.head ? [anchors.head] : []), ...(anchors.remembered ?? [])]) {
    const finding = misses(records, anchor);
    if (finding !== undefined) return broken(Math.min(anchor.count, records.length) + 1, finding);
  }
  if (anchors.head !== undefined && records.length > anchors.head.count + 1)
    return broken(anchors.head.count + 2, `records after ${anchors.head.count + 1} were not anchored by Cutover`);
  return { ok: true, records, head };
}

function parse(line: string): AuditRecord | undefined {
  try {
    const value = JSON.parse(line) as AuditRecord | null;
    return typeof value?.hash === 'string' && typeof value.seq === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

function misses(records: readonly AuditRecord[], anchor: AuditHead): string | undefined {
  if (records.length < anchor.count) return `records ${records.length + 1} to ${anchor.count} are missing at the end`;
  const at = anchor.count === 0 ? AUDIT_GENESIS : records[anchor.count - 1]?.hash;
  return at === anchor.hash ? undefined : `record ${anchor.count} is not the one that was anchored`;
}
