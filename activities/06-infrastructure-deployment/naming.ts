/** Tag that marks what a migration made; what lacks it is never changed or removed. */
export const OWNER_TAG = 'cutover:migration';

/** Name of the migration's stack (CloudFormation: a letter first, then letters, digits and hyphens, at most 128). */
export function stackName(prefix: string, migration: string): string {
  const name = `${prefix}${migration}-dynamodb`.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '');
  return name.slice(0, 128).replace(/-+$/, '');
}

/** Logical ids by table name: letters and digits only, as CloudFormation demands, and all different. */
export function logicalIds(tables: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const used = new Set<string>();
  for (const table of tables) {
    const words = table.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
    const base = `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Table`.slice(0, 200);
    let id = base;
    for (let count = 2; used.has(id); count += 1) id = `${base}${count}`;
    used.add(id);
    ids.set(table, id);
  }
  return ids;
}
