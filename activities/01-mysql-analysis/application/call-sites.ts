import { Node, type CallExpression, type Project } from 'ts-morph';
import type { SqlPart } from '../../../core/sql-template.ts';
import type { UnresolvedAccess } from '../../../core/data-access.ts';
import { buildTemplate, type Values } from './align.ts';
import { bindingOf, resultFields, resultUse } from './binding.ts';
import { onBudget } from './budget.ts';
import { codeOf, evaluate } from './evaluate.ts';
import { comparePlaces, sqlCalls, type SqlCall } from './helpers.ts';
import { Inputs } from './inputs.ts';
import type { LocatedCallSite } from './located.ts';
import { nameInputs } from './finish.ts';
import { namesAround } from './names.ts';
import { writtenOut } from './object-values.ts';
import { otherAccess, unresolvedAt } from './other-access.ts';
import { piecesOf } from './pieces.ts';
import { forgetProgram } from './program.ts';
import { ownFiles } from './project.ts';
import { tracing } from './run.ts';
import { sliceOf } from './slice.ts';
import { statementKind } from './sql-context.ts';
import type { State } from './state.ts';
import { spanOf } from './syntax.ts';
import { stateAt } from './trace.ts';
import { callersOf, enter, type AssembledCall } from './through-callers.ts';
import { Untold } from './untold.ts';
import { literalText, type Piece } from './values.ts';

/** Call sites of an application, and calls of the driver whose SQL can't be told. */
export interface FoundCallSites {
  readonly callSites: readonly LocatedCallSite[];
  readonly unresolved: readonly UnresolvedAccess[];
  /** Each call that gives SQL to the driver, resolved or not, for counting. */
  readonly calls: readonly SqlCall[];
}

/** Every call in an application's own source, in the order of files and places. */
export function ownCalls(project: Project): CallExpression[] {
  return ownFiles(project).flatMap((file) => file.getDescendants().filter(Node.isCallExpression));
}

/** Every call site with its syntax, numbered by file and position; `root` is what spans are relative to. */
export function locateCallSites(project: Project, root: string): FoundCallSites {
  const callSites: LocatedCallSite[] = [];
  const unresolved: UnresolvedAccess[] = [];
  forgetProgram(project);
  const all = ownCalls(project);
  const { calls, uncalled } = sqlCalls(all);
  for (const call of calls) {
    try {
      callSites.push(onBudget(() => locate(call, root)));
    } catch (error) {
      const told = throughCallers(call, all, root);
      callSites.push(...told.callSites);
      if (told.callSites.length > 0) unresolved.push(...told.unresolved);
      else unresolved.push(unresolvedAt(call.node, untoldReason(error), root));
    }
  }
  for (const { node } of uncalled) {
    unresolved.push(unresolvedAt(node, 'the SQL is given by callers of the function around, and none is known', root));
  }
  unresolved.push(...otherAccess(all, root));
  callSites.sort((left, right) => comparePlaces(left.node, right.node));
  return { callSites: callSites.map((site, index) => ({ ...site, id: idOf(index) })), unresolved, calls };
}

const idOf = (index: number): string => `CS-${String(index + 1).padStart(3, '0')}`;

/** What a function puts together from its parameters, told at each of its callers. */
function throughCallers(
  call: SqlCall,
  all: readonly CallExpression[],
  root: string,
): { callSites: LocatedCallSite[]; unresolved: UnresolvedAccess[] } {
  const callSites: LocatedCallSite[] = [];
  const unresolved: UnresolvedAccess[] = [];
  for (const assembled of callersOf(call, all)) {
    try {
      callSites.push(onBudget(() => locate(assembled.caller, root, assembled)));
    } catch (error) {
      unresolved.push(unresolvedAt(assembled.caller.node, untoldReason(error), root));
    }
  }
  return { callSites, unresolved };
}

function untoldReason(error: unknown): string {
  if (error instanceof Untold) return error.message;
  if (error instanceof RangeError) return 'the code that builds the statement is nested too deeply';
  throw error;
}

function locate(call: SqlCall, root: string, assembled?: AssembledCall): LocatedCallSite {
  const { node } = call;
  const state = stateAt(node);
  return tracing(node, () => {
    if (assembled) enter(assembled, state);
    const sent = assembled?.inner ?? call;
    const pieces = piecesOf(evaluate(sent.sql, state));
    const inputs = new Inputs(node, state);
    const values = valuesOf(sent, pieces, state);
    const written = values.kind === 'items' ? writtenOut(pieces, values.items, state) : { pieces };
    const given: Values = 'items' in written ? { kind: 'items', items: written.items } : values;
    const draft = buildTemplate(written.pieces, given, call.api, inputs);
    const slice = sliceOf(call, state, inputs);
    const { template, inputs: named } = nameInputs(draft, inputs);
    const statement = statementKind(leadingText(template.parts));
    const binding = bindingOf(call);
    const kinds = call.handle.kinds;
    const isRead = statement === 'select' || statement === 'other';
    return {
      id: '',
      span: spanOf(node, root),
      within: namesAround(node),
      api: call.api,
      style: call.callback ? 'callback' : 'promise',
      receiver: kinds.includes('connection') ? 'connection' : 'pool',
      template,
      inputs: named,
      statement,
      result: resultUse(binding, isRead),
      ...(isRead ? {} : resultFields(binding)),
      ...rowType(node),
      node,
      ...(call.receiver ? { receiverNode: call.receiver } : {}),
      sqlNode: call.sql,
      ...(call.values ? { valuesNode: call.values } : {}),
      ...slice,
      binding,
      ...(call.helper ? { helper: call.helper } : {}),
    };
  });
}

function valuesOf(call: SqlCall, pieces: readonly Piece[], state: State): Values {
  if (call.values === undefined) return { kind: 'items', items: [] };
  const value = evaluate(call.values, state);
  const cell = state.cellOf(value);
  if (cell?.kind === 'array') return { kind: 'items', items: cell.items };
  if (cell?.kind === 'lost') throw new Untold(cell.reason);
  const isSet = /\bset\s+\?/i.test(literalText(pieces) ?? '');
  if (cell?.kind === 'object' && isSet) {
    return { kind: 'items', items: [{ kind: 'element', value, code: codeOf(call.values, state) }] };
  }
  if (cell?.kind === 'object') {
    const entries = [...cell.entries].map(([name, each]) => {
      const known = each.kind === 'code' ? each.code : undefined;
      if (known === undefined) throw new Untold(`the value of :${name} can't be told`);
      return [name, known] as const;
    });
    return { kind: 'named', entries: new Map(entries) };
  }
  if (value.kind === 'lost') throw new Untold(value.reason);
  if (value.kind === 'choice') throw new Untold('the list of values is one of several');
  const type = call.values.getType();
  const code = codeOf(call.values, state);
  const isList = type.isArray() || type.isReadonlyArray() || type.isTuple() || type.isAny() || type.isUnknown();
  const element = { kind: 'element', value, code } as const;
  return { kind: 'items', items: [isList ? { kind: 'spread', code } : element] };
}

/** The first text that is always there, enough to tell the kind of statement. */
function leadingText(parts: readonly SqlPart[]): string {
  return parts
    .map((part) =>
      part.kind === 'text' ? part.text : part.kind === 'choice' ? leadingText(part.alternatives[0]?.parts ?? []) : ' ',
    )
    .join('');
}

/** `ProductRow` of `execute<ProductRow[]>`. */
function rowType(node: CallExpression): { rowType?: string } {
  const [argument] = node.getTypeArguments();
  if (argument === undefined) return {};
  const element = Node.isArrayTypeNode(argument) ? argument.getElementTypeNode() : argument;
  const name = element.getText();
  return /^(ResultSetHeader|OkPacket|RowDataPacket|ProcedureCallPacket)$/.test(name) ? {} : { rowType: name };
}
