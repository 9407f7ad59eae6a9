import { canonicalJson } from '../../core/canonical-json.ts';
import type { StageContext } from '../../core/stage.ts';
import type { StageId } from '../../core/stages.ts';
import { refuseSecrets } from './artifacts.ts';
import type { BlobStore } from './blob-store.ts';
import type { Redactor } from './redactor.ts';

/**
 * Where a stage keeps how far it came. In the store rather than in heartbeats: heartbeat details reach the next attempt
 * of the same activity only, and a stage that is retried by a person is a new activity.
 */
export function stageCheckpoint(blobs: BlobStore, stage: StageId, redactor: Redactor): StageContext['checkpoint'] {
  const folder = `checkpoints/${stage}`;
  const name = `${folder}/state.json`;
  return {
    async load<T>() {
      const bytes = await blobs.get(name);
      return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
    },
    async save(state) {
      const bytes = Buffer.from(canonicalJson(state));
      refuseSecrets(redactor, name, bytes);
      await blobs.put(name, bytes);
    },
    async clear() {
      await blobs.removeBelow(folder);
    },
  };
}
