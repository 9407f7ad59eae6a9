/** DynamoDB's rules for names of tables and indexes (Developer Guide, "Naming rules"). */
export const NAME_PATTERN = /^[A-Za-z0-9_.-]{3,255}$/;

/** Table names for source tables: their own, with what DynamoDB refuses replaced, and made different where needed. */
export function tableNames(
  sources: readonly string[],
  taken: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const source of sources) {
    let name = source.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 180);
    while (name.length < 3) name += '_';
    const base = name;
    for (let count = 2; used.has(name.toLowerCase()); count += 1) name = `${base}_${count}`;
    used.add(name.toLowerCase());
    names.set(source, name);
  }
  return names;
}
