import { valueFamily } from '../../contract/attribute-type.ts';
import type { ContractAttribute, ContractEntity } from '../../contract/types.ts';
import { CutoverError } from '../../core/errors/index.ts';
import { identifier } from '../mysql.ts';

/** A view that gives exactly the rows and columns of one entity, named so that it can be found and dropped. */
export interface EntityView {
  readonly name: string;
  readonly entity: ContractEntity;
  readonly create: string;
  readonly drop: string;
}

/** MySQL's limit for identifiers, in characters. */
const MAX_IDENTIFIER = 64;

/** The views of a contract's entities, in the contract's order. */
export function planViews(database: string, migration: string, entities: readonly ContractEntity[]): EntityView[] {
  return entities.map((entity, position) => {
    const name = viewName(migration, entity.source_table, position);
    const qualified = `${identifier(database)}.${identifier(name)}`;
    const columns = entity.attributes.map(
      (attribute) => `  ${selectExpression(attribute)} AS ${identifier(directColumn(attribute))}`,
    );
    const filter = entity.row_filter === undefined ? '' : `\nWHERE ${entity.row_filter}`;
    const create =
      `CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW ${qualified} AS\nSELECT\n${columns.join(',\n')}\n` +
      `FROM ${identifier(database)}.${identifier(entity.source_table)}${filter}`;
    return { name, entity, create, drop: `DROP VIEW IF EXISTS ${qualified}` };
  });
}

/** Prefix of every view of a migration. */
export function viewPrefix(migration: string): string {
  return `cutover_${migration.replaceAll(/[^A-Za-z0-9]/g, '_')}_`;
}

function viewName(migration: string, table: string, position: number): string {
  const name = `${viewPrefix(migration)}${table}`;
  // A cut name gets its position, so that two long tables never share a view.
  return name.length <= MAX_IDENTIFIER ? name : `${name.slice(0, MAX_IDENTIFIER - 5)}_${position}`;
}

/** The one source column of an attribute. Throws `data.attribute-unsupported` for derived attributes. */
export function directColumn(attribute: ContractAttribute): string {
  const derived = attribute.join ?? attribute.calculation ?? attribute.transformation;
  if (derived !== undefined || typeof attribute.source_column !== 'string') {
    throw new CutoverError('data.attribute-unsupported', {
      where: `contract attribute ${attribute.source_table}.${attribute.name}`,
      detail: 'Expected one source column without join, calculation or transformation.',
    });
  }
  return attribute.source_column;
}

/** Types whose client representation is not their canonical text are cast by the server. */
function selectExpression(attribute: ContractAttribute): string {
  const column = identifier(directColumn(attribute));
  switch (attribute.source_type.data_type) {
    case 'json':
      return `CAST(${column} AS CHAR)`;
    case 'bit':
      return `CAST(${column} AS UNSIGNED)`;
    case 'float':
      return `CAST(${column} AS DOUBLE)`;
    default:
      // mysql2 makes objects of spatial values; their stored bytes are what docs/value-encoding.md keeps.
      return valueFamily(attribute.source_type.data_type) === 'spatial' ? `CAST(${column} AS BINARY)` : column;
  }
}
