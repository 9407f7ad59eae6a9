import { Node, SyntaxKind } from 'ts-morph';
import { all, any, FALSE, not, TRUE } from './conditions.ts';
import { codeOf, evaluateSafely } from './evaluate.ts';
import { nonEmpty } from './pieces.ts';
import type { State } from './state.ts';
import { unwrap } from './syntax.ts';
import { literalText, type Condition } from './values.ts';

/** What must hold for an expression to be truthy, with everything that is known of builders already folded in. */
export function evaluateCondition(node: Node, state: State): Condition {
  const bare = unwrap(node);
  if (Node.isPrefixUnaryExpression(bare) && bare.getOperatorToken() === SyntaxKind.ExclamationToken) {
    return not(evaluateCondition(bare.getOperand(), state));
  }
  if (Node.isBinaryExpression(bare)) {
    const operator = bare.getOperatorToken().getKind();
    if (operator === SyntaxKind.AmpersandAmpersandToken) {
      return all(evaluateCondition(bare.getLeft(), state), evaluateCondition(bare.getRight(), state));
    }
    if (operator === SyntaxKind.BarBarToken) {
      return any(evaluateCondition(bare.getLeft(), state), evaluateCondition(bare.getRight(), state));
    }
    const compared = comparedLength(bare, state);
    if (compared) return compared;
  }
  const length = lengthOf(bare, state);
  if (length) return length;
  const value = evaluateSafely(bare, state);
  if (value.kind === 'text') {
    const known = literalText(value.pieces);
    if (known !== undefined) return known === '' ? FALSE : TRUE;
  }
  if (value.kind === 'reference') return TRUE;
  if (value.kind === 'code' && value.code.kind === 'literal') return value.code.value ? TRUE : FALSE;
  return { kind: 'code', code: value.kind === 'code' ? value.code : codeOf(bare, state) };
}

/** `list.length > 0` and its like, for a list that is being built. */
function comparedLength(node: Node, state: State): Condition | undefined {
  if (!Node.isBinaryExpression(node)) return undefined;
  const filled = lengthOf(unwrap(node.getLeft()), state);
  const right = node.getRight().getText();
  if (filled === undefined) return undefined;
  const operator = node.getOperatorToken().getText();
  if (right === '0') {
    if (['>', '!==', '!='].includes(operator)) return filled;
    if (['===', '==', '<='].includes(operator)) return not(filled);
  }
  if (right === '1' && operator === '>=') return filled;
  if (right === '1' && operator === '<') return not(filled);
  return undefined;
}

function lengthOf(node: Node, state: State): Condition | undefined {
  if (!Node.isPropertyAccessExpression(node) || node.getName() !== 'length') return undefined;
  const cell = state.cellOf(evaluateSafely(node.getExpression(), state));
  return cell?.kind === 'array' ? nonEmpty(cell.items) : undefined;
}
