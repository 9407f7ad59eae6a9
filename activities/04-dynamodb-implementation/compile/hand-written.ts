import type { PatternService } from '../../../contract/types.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import type { HandMethod } from '../../generated/by-hand.ts';
import { comment, type MethodCode } from './method.ts';

/** A method that the aggregate takes from its file below `by-hand/`. */
export function handWritten(
  method: DataAccessMethod,
  hand: HandMethod,
  pattern: PatternService | undefined,
): MethodCode {
  const plan = `by hand, in by-hand/${hand.path}`;
  return {
    code: `${comment(method, plan, pattern)}\n${method.name}: ${importedName(hand)}(store),`,
    plan,
    refusal: undefined,
  };
}

/** The import of it, under a name that no word of the language and no variable of the file has. */
export function handImport(layer: DataAccessLayer, hand: HandMethod): string {
  const module = `./by-hand/${hand.path.replace(/\.[cm]?[jt]s$/, '')}${layer.importSuffix}`;
  return `import { ${hand.name} as ${importedName(hand)} } from '${module}';`;
}

function importedName({ name }: HandMethod): string {
  return `${name}ByHand`;
}
