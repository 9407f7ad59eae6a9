/** Bytes by name, for one migration: what a folder and S3 have in common. Names are confined by the implementations. */
export interface BlobStore {
  /** What to call this store in messages, such as a folder or `s3://bucket/prefix`. */
  readonly location: string;
  /** Writes whole and atomically: a reader sees the old bytes or the new ones. Durable when it returns. */
  put(name: string, content: Uint8Array): Promise<void>;
  /** The bytes, or undefined when there is nothing of that name. */
  get(name: string): Promise<Uint8Array | undefined>;
  /**
   * Adds to the end of a file, of which the first `keep` bytes stay. Durable when it returns.
   * @param read the whole file as it was read just now
   * @throws CutoverError `core.store-unavailable` when somebody else wrote in between
   */
  append(name: string, read: Uint8Array, keep: number, added: Uint8Array): Promise<void>;
  /** Removes everything below a folder; nothing there is not an error. */
  removeBelow(folder: string): Promise<void>;
}
