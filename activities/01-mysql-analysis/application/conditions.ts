import type { Code, Condition } from './values.ts';

export const TRUE: Condition = { kind: 'constant', value: true };
export const FALSE: Condition = { kind: 'constant', value: false };

export function not(condition: Condition): Condition {
  if (condition.kind === 'constant') return condition.value ? FALSE : TRUE;
  return condition.kind === 'not' ? condition.of : { kind: 'not', of: condition };
}

export function all(...conditions: readonly Condition[]): Condition {
  return combine('all', conditions);
}

export function any(...conditions: readonly Condition[]): Condition {
  return combine('any', conditions);
}

function combine(kind: 'all' | 'any', conditions: readonly Condition[]): Condition {
  // The value that decides alone: one false of `all`, one true of `any`.
  const decisive = kind === 'any';
  const flat = conditions.flatMap((each) => (each.kind === kind ? each.of : [each]));
  if (flat.some((each) => each.kind === 'constant' && each.value === decisive)) return decisive ? TRUE : FALSE;
  const open = flat.filter((each) => each.kind !== 'constant');
  const [only] = open;
  if (only === undefined) return decisive ? FALSE : TRUE;
  return open.length === 1 ? only : { kind, of: open };
}

/** A condition as source; `write` says how code looks, in brackets where it is not atomic. */
export function conditionSource(condition: Condition, write: (code: Code) => string): string {
  switch (condition.kind) {
    case 'constant':
      return String(condition.value);
    case 'code':
      return write(condition.code);
    case 'equals':
      return `${bracketed(write(condition.code))} === ${quote(condition.value)}`;
    case 'not':
      return negated(conditionSource(condition.of, write));
    case 'all':
      return condition.of.map((each) => bracketed(conditionSource(each, write))).join(' && ');
    case 'any':
      return condition.of.map((each) => bracketed(conditionSource(each, write))).join(' || ');
  }
}

export function quote(value: string | number): string {
  return typeof value === 'number'
    ? String(value)
    : `'${JSON.stringify(value).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
}

/** `!(a === b)` says no more than `a !== b`, and is harder to read. */
function negated(source: string): string {
  const comparison = /^([\w$.?[\]']+) (===|!==) ([\w$.?[\]']+)$/.exec(source);
  if (comparison) return `${comparison[1]} ${comparison[2] === '===' ? '!==' : '==='} ${comparison[3]}`;
  return `!${bracketed(source)}`;
}

/** Source that can stand as an operand: brackets around everything but names, chains, calls and comparisons of them. */
export function bracketed(source: string): string {
  if (/^[\w$.]+$/.test(source) || /^'[^'\\]*'$/.test(source)) return source;
  if (/^[\w$.?[\]']+ (===|!==|>|<|>=|<=) [\w$.?[\]']+$/.test(source)) return `(${source})`;
  return isWrapped(source) ? source : `(${source})`;
}

function isWrapped(source: string): boolean {
  if (!source.startsWith('(') || !source.endsWith(')')) return false;
  let depth = 0;
  for (let index = 0; index < source.length; index += 1) {
    if ('\'"`/'.includes(source.charAt(index))) return false;
    if (source[index] === '(') depth += 1;
    if (source[index] === ')') depth -= 1;
    if (depth === 0 && index < source.length - 1) return false;
  }
  return depth === 0;
}
