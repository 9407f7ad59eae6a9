import { mkdtemp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAudit } from '../../core/audit.ts';
import { testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { artifactStore } from './artifacts.ts';
import { AUDIT_FILE, AUDIT_HEAD_FILE, appendEvent, readHead, readTrail } from './audit-trail.ts';
import { stageCheckpoint } from './checkpoint.ts';
import { openStore, type MigrationStore } from './open-store.ts';
import { Redactor } from './redactor.ts';

let folder: string;
const bucket = uniqueName('cutover').replaceAll('_', '-');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cutover-store-'));
  const { endpoint, region } = testEndpoints().aws;
  await new S3Client({ endpoint, region, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function open(kind: string, name = uniqueName('shop')): MigrationStore {
  const { endpoint, region } = testEndpoints().aws;
  const artifactRoot = kind === 'S3' ? `s3://${bucket}/some/prefix` : folder;
  return openStore({ name, artifactStore: artifactRoot, target: { region, endpoint, prefix: 'x-' } });
}

const event = (n: number) => ({ key: `run/${n}`, when: new Date(0).toISOString(), who: 'ada', what: `event ${n}` });

describe.each(['folder', 'S3'])('the artifact store on %s', (kind) => {
  it('gives back what was written, by reference', async () => {
    const artifacts = artifactStore(open(kind), new Redactor());
    const reference = await artifacts.write('stage-01/a/b.json', '{"é":1}', 3);
    expect(reference).toMatchObject({ name: 'stage-01/a/b.json', bytes: 8, schemaVersion: 3 });
    expect(Buffer.from(await artifacts.read(reference)).toString()).toBe('{"é":1}');
  });

  it('says what it expected and what it found', async () => {
    const artifacts = artifactStore(open(kind), new Redactor());
    const reference = await artifacts.write('stage-01/a.txt', 'whole');
    await artifacts.write('stage-01/a.txt', 'other');
    await expect(artifacts.read(reference)).rejects.toMatchObject({
      code: 'core.artifact-altered',
      where: 'stage-01/a.txt',
    });
    await artifacts.removeBelow('stage-01');
    await artifacts.removeBelow('stage-01');
    await expect(artifacts.read(reference)).rejects.toMatchObject({ code: 'core.artifact-missing' });
  });

  it.each(['../x', '/etc/x', 'a/../../x', 'a//b', './a', '', 'a\\b', 'c:x', 'a/\u0000'])(
    'refuses the name %j',
    async (name) => {
      const artifacts = artifactStore(open(kind), new Redactor());
      await expect(artifacts.write(name, 'x')).rejects.toMatchObject({ code: 'core.artifact-name' });
      await expect(artifacts.removeBelow(name)).rejects.toMatchObject({ code: 'core.artifact-name' });
      await expect(artifacts.workFolder(name)).rejects.toMatchObject({ code: 'core.artifact-name' });
    },
  );

  it('refuses a secret, and keeps checkpoints', async () => {
    const redactor = new Redactor();
    redactor.add('S3cret!value', 'env:PASSWORD');
    const store = open(kind);
    const artifacts = artifactStore(store, redactor);
    await expect(artifacts.write('a.txt', 'mysql://u:S3cret!value@h')).rejects.toMatchObject({
      code: 'core.artifact-secret',
      detail: 'It holds the value of env:PASSWORD.',
    });
    const checkpoint = stageCheckpoint(store.blobs, '07-data-migration-execution', redactor);
    expect(await checkpoint.load()).toBeUndefined();
    await checkpoint.save({ table: 'orders', after: ['42'] });
    expect(await checkpoint.load()).toEqual({ table: 'orders', after: ['42'] });
    await expect(checkpoint.save({ url: 'S3cret!value' })).rejects.toMatchObject({ code: 'core.artifact-secret' });
    await checkpoint.clear();
    expect(await checkpoint.load()).toBeUndefined();
  });

  it('appends each audit event once, in a chain, and anchors its end', async () => {
    const { blobs } = open(kind);
    for (const n of [1, 2, 2, 3, 1]) await appendEvent(blobs, event(n));
    const head = await readHead(blobs);
    expect(head.count).toBe(3);
    expect(verifyAudit(await readTrail(blobs), { head })).toMatchObject({ ok: true });
  });

  it('goes on after a worker that died before it moved the head', async () => {
    const { blobs } = open(kind);
    await appendEvent(blobs, event(1));
    const head = await blobs.get(AUDIT_HEAD_FILE);
    await appendEvent(blobs, event(2));
    await blobs.put(AUDIT_HEAD_FILE, head ?? new Uint8Array());
    expect(await appendEvent(blobs, event(2))).toMatchObject({ count: 2 });
    expect(await appendEvent(blobs, event(3))).toMatchObject({ count: 3 });
    expect(verifyAudit(await readTrail(blobs), { head: await readHead(blobs) }).ok).toBe(true);
  });

  it('does not append after a trail that was cut off', async () => {
    const { blobs } = open(kind);
    for (const n of [1, 2, 3]) await appendEvent(blobs, event(n));
    const lines = (await readTrail(blobs)).split('\n');
    await blobs.put(AUDIT_FILE, Buffer.from(`${lines[0] ?? ''}\n`));
    await expect(appendEvent(blobs, event(4))).rejects.toMatchObject({ code: 'core.audit-broken' });
  });
});

describe('the folder store', () => {
  it('does not follow symbolic links', async () => {
    const store = open('folder');
    const artifacts = artifactStore(store, new Redactor());
    await mkdir(store.blobs.location, { recursive: true });
    await symlink(tmpdir(), path.join(store.blobs.location, 'stage-01'));
    await expect(artifacts.write('stage-01/x.txt', 'x')).rejects.toMatchObject({ code: 'core.artifact-name' });
    await expect(artifacts.removeBelow('stage-01')).rejects.toMatchObject({ code: 'core.artifact-name' });
  });

  it('drops a record that a killed worker left half written', async () => {
    const { blobs } = open('folder');
    await appendEvent(blobs, event(1));
    const file = path.join(blobs.location, AUDIT_FILE);
    await writeFile(file, `${await readFile(file, 'utf8')}{"key":"run/2","wh`);
    await appendEvent(blobs, event(2));
    expect(verifyAudit(await readTrail(blobs), { head: await readHead(blobs) })).toMatchObject({ ok: true });
  });

  it('leaves no temporary files', async () => {
    const { blobs } = open('folder');
    await Promise.all([1, 2, 3, 4].map((n) => blobs.put('stage-01/x.txt', Buffer.from(String(n)))));
    expect(await readdir(path.join(blobs.location, 'stage-01'))).toEqual(['x.txt']);
  });
});
