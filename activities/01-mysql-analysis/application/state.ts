import type { Node } from 'ts-morph';
import { all, not } from './conditions.ts';
import type { Cell, Code, Condition, Environment, Item, Piece, Value } from './values.ts';

/** What is known at one point of a run: variables, the heap of arrays and objects, and changed meanings of names. */
export class State {
  private readonly variables: Map<Node, Value>;
  private readonly heap: Map<number, Cell>;
  private readonly counter: { next: number };
  environment: Environment | undefined;

  private constructor(
    variables: Map<Node, Value>,
    heap: Map<number, Cell>,
    counter: { next: number },
    environment: Environment | undefined,
  ) {
    this.variables = variables;
    this.heap = heap;
    this.counter = counter;
    this.environment = environment;
  }

  static empty(): State {
    return new State(new Map(), new Map(), { next: 1 }, undefined);
  }

  copy(): State {
    return new State(new Map(this.variables), new Map(this.heap), this.counter, this.environment);
  }

  get(declaration: Node): Value | undefined {
    return this.variables.get(declaration);
  }

  set(declaration: Node, value: Value): void {
    this.variables.set(declaration, value);
  }

  bind(declaration: Node, code: Code): void {
    this.environment = { declaration, code, next: this.environment };
  }

  allocate(cell: Cell): Value {
    const number = this.counter.next++;
    this.heap.set(number, cell);
    return { kind: 'reference', cell: number };
  }

  cell(number: number): Cell {
    return this.heap.get(number) ?? { kind: 'lost', reason: 'the value is made elsewhere' };
  }

  cellOf(value: Value | undefined): Cell | undefined {
    return value?.kind === 'reference' ? this.cell(value.cell) : undefined;
  }

  replace(number: number, cell: Cell): void {
    this.heap.set(number, cell);
  }

  /** Cells that another state doesn't have yet. */
  newCells(other: State): number[] {
    return [...this.heap.keys()].filter((number) => !other.heap.has(number));
  }

  /** Becomes what holds after `if (condition) <then> else <otherwise>`; both began as copies of this state. */
  merge(condition: Condition, then: State, otherwise: State): void {
    for (const [declaration, before] of this.variables) {
      const yes = then.variables.get(declaration) ?? before;
      const no = otherwise.variables.get(declaration) ?? before;
      if (yes !== no) this.variables.set(declaration, mergeValues(condition, before, yes, no));
    }
    for (const number of new Set([...then.heap.keys(), ...otherwise.heap.keys()])) {
      const before = this.heap.get(number);
      const yes = then.heap.get(number) ?? before;
      const no = otherwise.heap.get(number) ?? before;
      if (yes === undefined || no === undefined) this.heap.set(number, (yes ?? no)!);
      else if (yes !== no) this.heap.set(number, mergeCells(condition, before, yes, no));
    }
    this.mergeMeanings(condition, then, otherwise);
  }

  /** Takes the whole of another state, when only its way leads on. */
  become(other: State): void {
    for (const [declaration, value] of other.variables) this.variables.set(declaration, value);
    for (const [number, cell] of other.heap) this.heap.set(number, cell);
    this.environment = other.environment;
  }

  private mergeMeanings(condition: Condition, then: State, otherwise: State): void {
    const base = this.environment;
    const changed = new Map<Node, { yes?: Code; no?: Code }>();
    for (const [side, state] of [['yes', then] as const, ['no', otherwise] as const]) {
      for (let at = state.environment; at !== undefined && at !== base; at = at.next) {
        const entry = changed.get(at.declaration) ?? {};
        entry[side] ??= at.code;
        changed.set(at.declaration, entry);
      }
    }
    for (const [declaration, { yes, no }] of changed) {
      const before = meaning(base, declaration);
      const [ifYes, ifNo] = [yes ?? before, no ?? before];
      // Declared inside a branch: gone after it.
      if (ifYes === undefined || ifNo === undefined) continue;
      this.bind(declaration, {
        kind: 'composed',
        parts: ['(', conditionCode(condition), ' ? ', ifYes, ' : ', ifNo, ')'],
      });
    }
  }
}

function meaning(environment: Environment | undefined, declaration: Node): Code | undefined {
  for (let at = environment; at !== undefined; at = at.next) if (at.declaration === declaration) return at.code;
  return undefined;
}

/** A condition as code, so that it can stand inside other code. */
export function conditionCode(condition: Condition): Code {
  switch (condition.kind) {
    case 'constant':
      return { kind: 'literal', value: condition.value };
    case 'code':
      return condition.code;
    case 'equals':
      return {
        kind: 'composed',
        parts: ['(', condition.code, ' === ', { kind: 'literal', value: condition.value }, ')'],
      };
    case 'not':
      return { kind: 'composed', parts: ['!(', conditionCode(condition.of), ')'] };
    case 'all':
    case 'any': {
      const operator = condition.kind === 'all' ? ' && ' : ' || ';
      const parts = condition.of.flatMap((each, index) => [
        ...(index ? [operator] : []),
        '(',
        conditionCode(each),
        ')',
      ]);
      return { kind: 'composed', parts };
    }
  }
}

function mergeValues(condition: Condition, before: Value, yes: Value, no: Value): Value {
  if (yes.kind === 'text' && no.kind === 'text') {
    const base = before.kind === 'text' ? before.pieces : [];
    return { kind: 'text', pieces: mergePieces(condition, base, yes.pieces, no.pieces) };
  }
  if (yes.kind === 'lost') return yes;
  if (no.kind === 'lost') return no;
  return {
    kind: 'choice',
    alternatives: [
      { when: condition, value: yes },
      { when: not(condition), value: no },
    ],
  };
}

function startsWith<T>(list: readonly T[], start: readonly T[]): boolean {
  return start.every((each, index) => list[index] === each);
}

function mergePieces(
  condition: Condition,
  base: readonly Piece[],
  yes: readonly Piece[],
  no: readonly Piece[],
): Piece[] {
  const shared = startsWith(yes, base) && startsWith(no, base) ? base.length : 0;
  const alternatives = [
    { when: condition, pieces: yes.slice(shared) },
    { when: not(condition), pieces: no.slice(shared) },
  ];
  return [...yes.slice(0, shared), { kind: 'choice', alternatives }];
}

function mergeCells(condition: Condition, before: Cell | undefined, yes: Cell, no: Cell): Cell {
  if (yes.kind === 'lost') return yes;
  if (no.kind === 'lost') return no;
  if (yes.kind === 'array' && no.kind === 'array') {
    const base = before?.kind === 'array' ? before.items : [];
    const shared = startsWith(yes.items, base) && startsWith(no.items, base) ? base.length : 0;
    const branch = (when: Condition, items: readonly Item[]): Item[] =>
      items.length === 0 ? [] : [{ kind: 'when', when: all(when), items }];
    return {
      kind: 'array',
      items: [
        ...yes.items.slice(0, shared),
        ...branch(condition, yes.items.slice(shared)),
        ...branch(not(condition), no.items.slice(shared)),
      ],
    };
  }
  return { kind: 'lost', reason: 'an object is changed differently in the branches of an if' };
}
