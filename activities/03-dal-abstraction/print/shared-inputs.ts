import type { MethodDesign } from '../design/design.ts';
import { pascal } from '../design/words.ts';

type Input = MethodDesign['inputs'][number];

/** As many members, written out twice, are a block that reviewers send back. */
const MEMBERS = 4;

/** What several methods of one aggregate take, declared once. */
export interface SharedInput {
  readonly name: string;
  readonly members: readonly Input[];
  /** Names of the methods that take it, in order. */
  readonly methods: readonly string[];
}

/** Finds the inputs that methods have in common; a method takes part in one of them at most, the largest. */
export function sharedInputs(methods: readonly MethodDesign[], taken: ReadonlySet<string>): SharedInput[] {
  const used = new Set(taken);
  const shared: SharedInput[] = [];
  let open = methods.filter(({ inputs }) => inputs.length >= MEMBERS);
  for (;;) {
    const largest = largestCommon(open);
    if (largest === undefined) return shared;
    const { method, members } = largest;
    const takers = open.filter(({ inputs }) => members.every((member) => inputs.some((input) => same(input, member))));
    const whole = members.length === method.inputs.length;
    const wish = whole ? `${pascal(method.name)}Input` : `Common${pascal(method.name)}Input`;
    let name = wish;
    for (let count = 2; used.has(name); count += 1) name = `${wish}${count}`;
    used.add(name);
    shared.push({ name, members, methods: takers.map((taker) => taker.name) });
    open = open.filter((method) => !takers.includes(method));
  }
}

function largestCommon(methods: readonly MethodDesign[]): { method: MethodDesign; members: Input[] } | undefined {
  let largest: { method: MethodDesign; members: Input[] } | undefined;
  for (const [position, method] of methods.entries()) {
    for (const other of methods.slice(position + 1)) {
      const members = method.inputs.filter((input) => other.inputs.some((one) => same(one, input)));
      if (members.length >= MEMBERS && members.length > (largest?.members.length ?? 0)) largest = { method, members };
    }
  }
  return largest;
}

function same(one: Input, other: Input): boolean {
  return one.name === other.name && one.type === other.type;
}
