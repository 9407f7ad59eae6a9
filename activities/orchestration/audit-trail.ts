import pLimit from 'p-limit';
import { EMPTY_AUDIT, chain, type AuditEvent, type AuditHead, type AuditRecord } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { BlobStore } from './blob-store.ts';

/** The trail itself: one record a line. */
export const AUDIT_FILE = 'audit.jsonl';

/** Its end, so that a tail that was cut off is found. */
export const AUDIT_HEAD_FILE = 'audit.head.json';

/** The workflow appends one event after the other; this only keeps a late retry of the same process in line. */
const inLine = pLimit(1);

/** The end of the trail as it was anchored. */
export async function readHead(blobs: BlobStore): Promise<AuditHead> {
  const bytes = await blobs.get(AUDIT_HEAD_FILE);
  if (bytes === undefined) return EMPTY_AUDIT;
  try {
    const { count, hash } = JSON.parse(text(bytes)) as Partial<AuditHead>;
    if (typeof count === 'number' && typeof hash === 'string') return { count, hash };
  } catch {
    // Said below.
  }
  throw brokenTrail(AUDIT_HEAD_FILE, 'It is not the head of an audit trail.');
}

/** The trail as text; empty when nothing was recorded yet. */
export async function readTrail(blobs: BlobStore): Promise<string> {
  return text((await blobs.get(AUDIT_FILE)) ?? new Uint8Array());
}

/**
 * Appends one event, once: when a record of its key is there already (the worker died before it could say so), that one
 * stands. Refuses to go on after a trail that does not end where it was left.
 */
export async function appendEvent(blobs: BlobStore, event: AuditEvent): Promise<AuditHead> {
  return inLine(async () => {
    const bytes = (await blobs.get(AUDIT_FILE)) ?? new Uint8Array();
    // A line without its end was being written when a worker died; nobody was told of it, so it may go.
    const keep = bytes.lastIndexOf(0x0a) + 1;
    const records = text(bytes.subarray(0, keep)).split('\n').slice(0, -1).map(parseRecord);
    const last = records.at(-1);
    const end: AuditHead = last === undefined ? EMPTY_AUDIT : { count: last.seq, hash: last.hash };
    await checkEnd(records, await readHead(blobs));

    const earlier = records.findLast((record) => record.key === event.key);
    if (earlier !== undefined) return anchor(blobs, end);
    const record = chain(event, end);
    await blobs.append(AUDIT_FILE, bytes, keep, Buffer.from(`${canonicalJson(record)}\n`));
    return anchor(blobs, { count: record.seq, hash: record.hash });
  });
}

async function anchor(blobs: BlobStore, head: AuditHead): Promise<AuditHead> {
  await blobs.put(AUDIT_HEAD_FILE, Buffer.from(`${canonicalJson(head)}\n`));
  return head;
}

async function checkEnd(records: readonly AuditRecord[], head: AuditHead): Promise<void> {
  const anchored = head.count === 0 ? EMPTY_AUDIT.hash : records[head.count - 1]?.hash;
  if (anchored !== head.hash || records.length > head.count + 1) {
    throw brokenTrail(
      AUDIT_FILE,
      `Expected it to end with record ${head.count} (hash ${head.hash.slice(0, 12)}…), ` +
        `found ${records.length} records.`,
    );
  }
}

function parseRecord(line: string, index: number): AuditRecord {
  try {
    return JSON.parse(line) as AuditRecord;
  } catch {
    throw brokenTrail(`${AUDIT_FILE} line ${index + 1}`, 'It is not JSON.');
  }
}

function brokenTrail(where: string, detail: string): CutoverError {
  return new CutoverError('core.audit-broken', { where, detail });
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
