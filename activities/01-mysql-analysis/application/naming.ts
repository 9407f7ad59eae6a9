import { isChain, lastName } from './rewrite.ts';
import { unwrapAwait } from './syntax.ts';
import { Node } from 'ts-morph';

const RESERVED = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof new null return super switch this throw true try typeof var void while with ' +
    'yield let static await undefined arguments eval unit input'
  ).split(' '),
);

export function camelCase(name: string): string {
  const words = name
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ');
  const joined = words
    .map((word, index) => {
      const plain = word === word.toUpperCase() ? word.toLowerCase() : word;
      return index === 0
        ? plain.charAt(0).toLowerCase() + plain.slice(1)
        : plain.charAt(0).toUpperCase() + plain.slice(1);
    })
    .join('');
  return /^[A-Za-z_]/.test(joined) ? joined : `value${joined}`;
}

/** What an input could be called, best first. `column` is what the SQL compares it with or stores it in. */
export function nameCandidates(node: Node, column: string | undefined): string[] {
  const bare = unwrapAwait(node);
  const own = isChain(bare) ? lastName(bare) : undefined;
  const parent = Node.isPropertyAccessExpression(bare) ? lastName(bare.getExpression()) : undefined;
  const byColumn = column === undefined ? undefined : camelCase(column);
  const isVague = own === undefined || /^(id|value|key|val|v|x|i|n|item|row|data)$/i.test(own);
  const names = isVague ? [byColumn, own] : [own, byColumn];
  if (own !== undefined && parent !== undefined) names.push(`${parent}_${own}`);
  names.push(calledName(bare), 'value');
  return names.filter((each) => each !== undefined && each !== '').map((each) => safe(camelCase(each!)));
}

/** `fromCents(total)` may be called after its argument. */
function calledName(node: Node): string | undefined {
  if (!Node.isCallExpression(node)) return undefined;
  const [first] = node.getArguments();
  return first && isChain(first) ? lastName(first) : lastName(node.getExpression());
}

function safe(name: string): string {
  return RESERVED.has(name) ? `${name}Value` : name;
}

/** The first candidate that is free, or the best one with a number. */
export function freeName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((each) => !taken.has(each));
  if (free !== undefined && free !== 'value') return free;
  const [base = 'value'] = candidates;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}${number}`)) return `${base}${number}`;
}
