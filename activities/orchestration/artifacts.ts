import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactReference } from '../../core/artifacts.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { ArtifactStore } from '../../core/stage.ts';
import { confinedName } from './names.ts';
import type { MigrationStore } from './open-store.ts';
import type { Redactor } from './redactor.ts';

/** Hash of bytes as it stands in references and in the audit. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The store that stages see: hashes and verifies everything, and refuses to keep a secret. */
export function artifactStore({ blobs, workRoot }: MigrationStore, redactor: Redactor): ArtifactStore {
  return {
    async write(name, content, schemaVersion = 0) {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
      refuseSecrets(redactor, name, bytes);
      await blobs.put(name, bytes);
      return { name, sha256: sha256(bytes), bytes: bytes.length, schemaVersion };
    },

    async read(reference) {
      const bytes = await blobs.get(reference.name);
      if (bytes === undefined) throw missing(reference, blobs.location);
      const found = sha256(bytes);
      if (bytes.length !== reference.bytes || found !== reference.sha256) {
        throw new CutoverError('core.artifact-altered', {
          where: reference.name,
          detail:
            `Expected ${reference.bytes} bytes with sha256 ${reference.sha256}, ` +
            `found ${bytes.length} bytes with sha256 ${found}.`,
        });
      }
      return bytes;
    },

    async removeBelow(folder) {
      await blobs.removeBelow(folder);
    },

    async workFolder(name) {
      const folder = path.join(workRoot, ...confinedName(name).split('/'));
      await mkdir(folder, { recursive: true });
      return folder;
    },
  };
}

/** Throws when bytes that are about to be kept hold a secret that was resolved in this process. */
export function refuseSecrets(redactor: Redactor, name: string, content: Uint8Array): void {
  const reference = redactor.findIn(content);
  if (reference === undefined) return;
  throw new CutoverError('core.artifact-secret', { where: name, detail: `It holds the value of ${reference}.` });
}

function missing(reference: ArtifactReference, location: string): CutoverError {
  return new CutoverError('core.artifact-missing', {
    where: reference.name,
    detail: `Expected ${reference.bytes} bytes with sha256 ${reference.sha256} in ${location}, found nothing.`,
  });
}
