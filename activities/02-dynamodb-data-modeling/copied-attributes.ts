import { attributeType, sourceType } from '../../contract/attribute-type.ts';
import type { ContractAttribute } from '../../contract/types.ts';
import type { Analysis, TableFacts } from '../../core/analysis.ts';
import { identifier } from '../mysql.ts';
import type { CopyDesign } from './copies.ts';
import { columnOf } from './table-design.ts';

/** The attributes that copies add to the items of a child: derived, by the foreign key that they follow. */
export function copiedAttributes(
  facts: TableFacts,
  copies: readonly CopyDesign[],
  analysis: Analysis,
): ContractAttribute[] {
  return copies
    .filter(({ child }) => child === facts.name)
    .flatMap(({ child, parent, key, columns, patterns }) => {
      const source = analysis.tables.find(({ name }) => name === parent);
      if (!source) return [];
      const conditions = key.columns.map(
        (column, at) =>
          `${identifier(child)}.${identifier(column)} = ${identifier(parent)}.${identifier(key.referencedColumns[at] ?? '')}`,
      );
      const [condition] = conditions;
      if (condition === undefined) return [];
      return columns.map((column): ContractAttribute => {
        const type = sourceType(columnOf(source, column));
        const hop = { target_table: parent, select_column: column };
        let name = `${parent}_${column}`;
        while (facts.columns.some((own) => own.name === name)) name += '_';
        return {
          name,
          type: attributeType(type) ?? 'S',
          source_table: parent,
          source_column: column,
          source_type: type,
          join:
            conditions.length === 1
              ? { type: 'foreign-key', join_condition: condition, ...hop }
              : { type: 'multi-column', join_conditions: conditions, ...hop },
          denormalized: true,
          justification: `Saves ${patterns.join(', ')} the read of ${parent}; kept in step by rewriting the rows that refer to it.`,
        };
      });
    });
}
