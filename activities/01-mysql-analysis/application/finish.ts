import type { SqlPart, SqlTemplate } from '../../../core/sql-template.ts';
import type { Inputs } from './inputs.ts';
import type { LocatedInput } from './located.ts';

/** Puts the inputs' names into a template whose expressions still carry their tokens. */
export function nameInputs(draft: SqlTemplate, collected: Inputs): { template: SqlTemplate; inputs: LocatedInput[] } {
  const { inputs, named } = collected.finish();
  const rename = (part: SqlPart): SqlPart => {
    switch (part.kind) {
      case 'text':
        return part;
      case 'parameter':
      case 'list':
      case 'rows':
        return { ...part, expression: named(part.expression) };
      case 'optional':
        return { ...part, condition: named(part.condition), parts: part.parts.map(rename) };
      case 'choice':
        return {
          ...part,
          alternatives: part.alternatives.map((each) => ({
            condition: named(each.condition),
            parts: each.parts.map(rename),
          })),
        };
      case 'joined':
        return { ...part, items: part.items.map(rename) };
    }
  };
  return { template: { parts: draft.parts.map(rename) }, inputs };
}
