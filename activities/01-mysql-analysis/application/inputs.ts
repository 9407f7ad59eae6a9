import { Node, type CallExpression, type Expression } from 'ts-morph';
import { spend } from './budget.ts';
import { bracketed, conditionSource, quote } from './conditions.ts';
import { evaluateSafely } from './evaluate.ts';
import {
  helperBody,
  isGlobal,
  isMethodName,
  isPlainCall,
  isUntyped,
  isVisibleAt,
  literalSource,
  meaningOf,
  readSafely,
  replaced,
  safePrefix,
} from './input-syntax.ts';
import type { LocatedInput } from './located.ts';
import { freeName, nameCandidates } from './naming.ts';
import { isChain, rewrite, rootOf } from './rewrite.ts';
import { tracing } from './run.ts';
import { boundColumn, columnOf } from './sql-context.ts';
import type { State } from './state.ts';
import { contains, declarationOf, isModuleLevel, isValueUse, unwrap } from './syntax.ts';
import { declaredTypeText, typeHere } from './type-text.ts';
import { Untold } from './untold.ts';
import { literalText, lookUp, type Code, type Condition, type Environment } from './values.ts';

interface Draft {
  readonly source: string;
  readonly nodes: Expression[];
  column: string | undefined;
  /** Column that the SQL binds it to. */
  bound: string | undefined;
  type: string;
  /** Given by the application only when its conditions hold. */
  guarded: boolean;
}

/** Collects the values that a statement takes from its surroundings while its expressions are written. */
export class Inputs {
  private readonly drafts = new Map<string, Draft>();
  private readonly call: CallExpression;
  private readonly state: State;
  private bound: string | undefined;
  private inCondition = false;

  constructor(call: CallExpression, state: State) {
    this.call = call;
    this.state = state;
  }

  /** Says which place of the SQL the next values are for; gives what values there may be called. */
  placeAfter(before: string): string | undefined {
    this.bound = boundColumn(before);
    return columnOf(before);
  }

  /** Code as it would have to be written at the call. */
  verbatim(code: Code): string {
    spend();
    if (code.kind === 'literal') return literalSource(code.value);
    if (code.kind === 'composed')
      return code.parts.map((each) => (typeof each === 'string' ? each : this.verbatim(each))).join('');
    return rewrite(code.node, (inner) => {
      const meaning = meaningOf(inner, code.environment);
      return meaning && replaced(inner, bracketed(this.verbatim(meaning)), code.node);
    });
  }

  verbatimCondition(condition: Condition): string {
    return conditionSource(condition, (code) => this.verbatim(code));
  }

  /** A value that is always bound: the whole expression is evaluated by the caller, as it is today. */
  whole(code: Code, column: string | undefined): string {
    const constant = this.constant(code);
    if (constant !== undefined) return constant;
    if (code.kind !== 'source') return this.write(code, [], column);
    return this.add(this.verbatim(code), code.node, column, typeHere(code.node), false);
  }

  /** Code over inputs, each the longest chain of reads that is safe to evaluate whatever `guards` say. */
  write(code: Code, guards: readonly Condition[], column?: string): string {
    spend();
    if (code.kind === 'literal') return literalSource(code.value);
    if (code.kind === 'composed') {
      return code.parts.map((each) => (typeof each === 'string' ? each : this.write(each, guards, column))).join('');
    }
    return rewrite(code.node, (inner) => this.replacement(inner, code.node, code.environment, guards, column));
  }

  condition(condition: Condition, guards: readonly Condition[]): string {
    this.bound = undefined;
    this.inCondition = true;
    try {
      return conditionSource(condition, (code) => this.write(code, guards));
    } finally {
      this.inCondition = false;
    }
  }

  /** Whether what is written is evaluated in the application only when something else holds. */
  private isConditional(guards: readonly Condition[]): boolean {
    return guards.length > 0 || this.inCondition;
  }

  private replacement(
    node: Node,
    top: Expression,
    environment: Environment | undefined,
    guards: readonly Condition[],
    column: string | undefined,
  ): string | undefined {
    if (Node.isTypeNode(node)) return undefined;
    const meaning = meaningOf(node, environment);
    if (meaning) return replaced(node, bracketed(this.write(meaning, guards, column)), top);
    if (Node.isCallExpression(node) || Node.isNewExpression(node) || Node.isAwaitExpression(node)) {
      return this.callSource(node, environment, guards, column);
    }
    if (!isChain(node) || (Node.isIdentifier(node) && !isValueUse(node)) || isMethodName(node)) return undefined;
    const root = rootOf(node);
    if (Node.isIdentifier(root)) {
      if (isGlobal(root)) return undefined;
      const declaration = declarationOf(root);
      if (declaration && contains(top, declaration)) return undefined;
      const bound = declaration && lookUp(environment, declaration);
      if (bound && !(bound.kind === 'source' && isChain(unwrap(bound.node)))) return undefined;
      if (declaration && !bound && !isVisibleAt(declaration, this.call))
        throw new Untold(`${root.getText()} does not exist at the call`);
    }
    const constant = this.constant({ kind: 'source', node: node as Expression, environment });
    if (constant !== undefined) return replaced(node, constant, top);
    const safe = safePrefix(node as Expression);
    if (safe !== node) return undefined;
    const written = this.verbatim({ kind: 'source', node: safe, environment });
    const source = this.isConditional(guards) && isUntyped(safe) ? readSafely(written) : written;
    return replaced(node, this.add(source, safe, column, declaredTypeText(safe), guards.length > 0), top);
  }

  /** Calls inside code: methods of plain values stay, short helpers are written out, the rest is the caller's. */
  private callSource(
    node: Node,
    environment: Environment | undefined,
    guards: readonly Condition[],
    column: string | undefined,
  ): string | undefined {
    if (Node.isCallExpression(node) && isPlainCall(node)) return undefined;
    const body = Node.isCallExpression(node) ? helperBody(node, environment) : undefined;
    if (body) return bracketed(this.write(body, guards, column));
    const code: Code = { kind: 'source', node: node as Expression, environment };
    const source = this.verbatim(code);
    if (guards.length === 0) return this.add(source, node as Expression, column, typeHere(node as Expression), false);
    const condition = guards.map((each) => bracketed(this.verbatimCondition(each))).join(' && ');
    const type = typeHere(node as Expression);
    const optional = type === 'unknown' ? type : `${type} | undefined`;
    return this.add(`${condition} ? ${source} : undefined`, node as Expression, column, optional, false);
  }

  /** The literal that code always gives, if it does. */
  private constant(code: Code): string | undefined {
    if (code.kind === 'literal') return literalSource(code.value);
    if (code.kind !== 'source') return undefined;
    const bare = unwrap(code.node);
    const isName = isChain(bare);
    if (isName) {
      const root = rootOf(bare);
      const declaration = Node.isIdentifier(root) ? declarationOf(root) : undefined;
      if (declaration === undefined || !isModuleLevel(declaration)) return undefined;
    } else if (
      !Node.isLiteralExpression(bare) &&
      !Node.isTrueLiteral(bare) &&
      !Node.isFalseLiteral(bare) &&
      !Node.isNullLiteral(bare)
    ) {
      return undefined;
    }
    const value = tracing(this.call, () => evaluateSafely(bare, this.state.copy()));
    if (value.kind === 'code') return value.code.kind === 'literal' ? literalSource(value.code.value) : undefined;
    const known = value.kind === 'text' ? literalText(value.pieces) : undefined;
    return known === undefined ? undefined : quote(known);
  }

  private add(source: string, node: Expression, column: string | undefined, type: string, guarded: boolean): string {
    const key = source.replace(/\s+/g, ' ');
    const known = this.drafts.get(key);
    if (known) {
      if (!known.nodes.includes(node)) known.nodes.push(node);
      known.column ??= column;
      known.bound ??= this.bound;
      if (known.guarded && !guarded) [known.type, known.guarded] = [type, false];
    } else this.drafts.set(key, { source, nodes: [node], column, bound: this.bound, type, guarded });
    return token([...this.drafts.keys()].indexOf(key));
  }

  /** Every node that gives an input. */
  nodes(): Expression[] {
    return [...this.drafts.values()].flatMap((each) => each.nodes);
  }

  /** The inputs in order of use, and what turns the tokens in written code into their names. */
  finish(): { inputs: LocatedInput[]; named: (source: string) => string } {
    const taken = new Set<string>();
    const drafts = [...this.drafts.values()];
    const names = drafts.map((draft) => {
      const [first] = draft.nodes;
      const name = freeName(first ? nameCandidates(first, draft.column) : ['value'], taken);
      taken.add(name);
      return name;
    });
    const inputs = drafts.map((draft, index) => ({
      name: names[index] ?? 'value',
      source: draft.source,
      type: draft.type,
      ...(draft.bound === undefined ? {} : { column: draft.bound }),
      nodes: [...draft.nodes].sort((left, right) => left.getStart() - right.getStart()),
    }));
    return { inputs, named: (source) => source.replace(/__input(\d+)__/g, (_, index) => names[Number(index)] ?? '') };
  }
}

const token = (index: number): string => `__input${index}__`;
