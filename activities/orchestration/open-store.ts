import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { MigrationPlan } from '../../core/plan.ts';
import type { BlobStore } from './blob-store.ts';
import { FolderBlobStore } from './folder-blob-store.ts';
import { S3BlobStore, parseS3 } from './s3-blob-store.ts';

/** The store of one migration: its blobs, and the local folder where its working files lie. */
export interface MigrationStore {
  readonly blobs: BlobStore;
  readonly workRoot: string;
}

/** Opens the store that a plan names: a folder, or a bucket (at the plan's endpoint, when it has one). */
export function openStore(plan: Pick<MigrationPlan, 'name' | 'artifactStore' | 'target'>): MigrationStore {
  const s3 = parseS3(plan.artifactStore);
  if (s3 === undefined) {
    const folder = path.resolve(plan.artifactStore, plan.name);
    return { blobs: new FolderBlobStore(folder), workRoot: path.join(folder, 'work') };
  }
  const client = new S3Client({
    region: plan.target.region,
    // An emulator has no host names per bucket.
    ...(plan.target.endpoint === undefined ? {} : { endpoint: plan.target.endpoint, forcePathStyle: true }),
  });
  return {
    blobs: new S3BlobStore(client, { bucket: s3.bucket, prefix: `${s3.prefix}${plan.name}/` }),
    workRoot: path.resolve('.cutover', 'work', plan.name),
  };
}
