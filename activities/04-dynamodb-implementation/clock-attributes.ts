import type { MigrationContract } from '../../contract/types.ts';

const TEMPORAL = new Set(['timestamp', 'datetime', 'date', 'time']);

/** Attributes of an entity that hold a date or time, and the keys whose templates use one. */
export function clockAttributes(contract: MigrationContract, sourceTable: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const table of contract.tables) {
    const entity = table.entities.find((candidate) => candidate.source_table === sourceTable);
    if (entity === undefined) continue;
    const columns: string[] = [];
    for (const attribute of entity.attributes) {
      if (!TEMPORAL.has(attribute.source_type.data_type)) continue;
      names.add(attribute.name);
      if (typeof attribute.source_column === 'string') columns.push(attribute.source_column);
    }
    const uses = (template: string | null): boolean =>
      columns.some((column) => template?.includes(`{${column}}`) === true);
    for (const index of table.gsis) {
      const templates = entity.index_templates[index.index_name];
      if (templates === undefined) continue;
      if (uses(templates.pk)) names.add(index.pk.name);
      if (index.sk !== null && uses(templates.sk)) names.add(index.sk.name);
    }
  }
  return names;
}
