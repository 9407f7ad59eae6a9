import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CutoverError } from '../../core/errors/index.ts';
import type { BlobStore } from './blob-store.ts';
import { confinedName } from './names.ts';

/** Where an S3 store is, parsed from `s3://bucket/prefix`. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends in a slash. */
  readonly prefix: string;
}

/** Parses `s3://bucket/prefix`; undefined for anything else, which is a folder. */
export function parseS3(location: string): S3Location | undefined {
  const match = /^s3:\/\/([^/]+)(?:\/(.*?))?\/*$/.exec(location);
  if (match === null) return undefined;
  const [, bucket = '', prefix = ''] = match;
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/** Blobs as objects below one prefix. S3 writes objects whole, atomically and durably by itself. */
export class S3BlobStore implements BlobStore {
  readonly location: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(client: S3Client, { bucket, prefix }: S3Location) {
    this.location = `s3://${bucket}/${prefix}`;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(name: string, content: Uint8Array): Promise<void> {
    await this.#send(name, (key) =>
      this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: content })),
    );
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    return (await this.#read(name))?.content;
  }

  async append(name: string, read: Uint8Array, keep: number, added: Uint8Array): Promise<void> {
    const current = await this.#read(name);
    if (!Buffer.from(current?.content ?? []).equals(Buffer.from(read)))
      throw new CutoverError('core.store-unavailable', { where: name, detail: 'The object changed meanwhile.' });
    const body = Buffer.concat([read.subarray(0, keep), added]);
    const condition = current?.etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: current.etag };
    await this.#send(name, (key) =>
      this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, ...condition })),
    );
  }

  async removeBelow(folder: string): Promise<void> {
    await this.#send(folder, async (key) => {
      for (;;) {
        const page = await this.#client.send(
          new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: `${key}/`, MaxKeys: 1000 }),
        );
        const objects = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
        if (objects.length === 0) return;
        await this.#client.send(new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects: objects } }));
      }
    });
  }

  async #read(name: string): Promise<{ content: Uint8Array; etag: string | undefined } | undefined> {
    return this.#send(name, async (key) => {
      try {
        const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
        const content = await answer.Body?.transformToByteArray();
        return content === undefined ? undefined : { content, etag: answer.ETag };
      } catch (error) {
        if (error instanceof NoSuchKey || (error as Error).name === 'NoSuchKey') return undefined;
        throw error;
      }
    });
  }

  async #send<T>(name: string, call: (key: string) => Promise<T>): Promise<T> {
    const key = `${this.#prefix}${confinedName(name)}`;
    try {
      return await call(key);
    } catch (error) {
      if (error instanceof CutoverError) throw error;
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new CutoverError('core.store-unavailable', { where: `${this.location}${name}`, detail, cause: error });
    }
  }
}
