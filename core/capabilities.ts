/**
 * What a data model may have beyond tables, global indexes that project everything, item collections and guard
 * items, and whether stages 4 to 7 can build it today. Stage 2 prices all of it and chooses only what can be built;
 * whoever builds one of these turns its entry round.
 */
export const CAPABILITIES = {
  'index-projection': {
    title: 'indexes that project less than everything',
    buildable: false,
    reason: 'the generated store (stage 4) reads whole rows and passes over indexes that do not project everything',
  },
  'copied-attribute': {
    title: 'columns of a parent copied into its children',
    buildable: false,
    reason: 'the generated store (stage 4) does not keep copies in step, and stage 7 refuses derived attributes',
  },
  'sharded-key': {
    title: 'partition keys spread over shards',
    buildable: false,
    reason: 'key templates can not name a shard, and the generated store (stage 4) asks one partition at a time',
  },
} as const satisfies Record<string, { readonly title: string; readonly buildable: boolean; readonly reason: string }>;

export type ModelFeature = keyof typeof CAPABILITIES;
