import { Node, type CallExpression, type Project } from 'ts-morph';
import type { SqlPart } from '../../../core/sql-template.ts';
import type { UnresolvedAccess } from '../../../core/data-access.ts';
import { buildTemplate, type Values } from './align.ts';
import { bindingOf, resultUse } from './binding.ts';
import { driverCall } from './driver.ts';
import { codeOf, evaluate } from './evaluate.ts';
import { sqlCalls, type SqlCall } from './helpers.ts';
import { Inputs } from './inputs.ts';
import type { LocatedCallSite } from './located.ts';
import { nameInputs } from './finish.ts';
import { namesAround } from './names.ts';
import { piecesOf } from './pieces.ts';
import { tracing } from './run.ts';
import { sliceOf } from './slice.ts';
import { statementKind } from './sql-context.ts';
import type { State } from './state.ts';
import { excerpt, relativeFile, spanOf } from './syntax.ts';
import { stateAt } from './trace.ts';
import { Untold } from './untold.ts';

/** Call sites of an application, and calls of the driver whose SQL can't be told. */
export interface FoundCallSites {
  readonly callSites: readonly LocatedCallSite[];
  readonly unresolved: readonly UnresolvedAccess[];
  /** Each call that gives SQL to the driver, resolved or not, for counting. */
  readonly calls: readonly SqlCall[];
}

/** Own source files of an application: neither packages nor declarations, in the order of their paths. */
export function ownCalls(project: Project): CallExpression[] {
  return project
    .getSourceFiles()
    .filter((file) => !file.isInNodeModules() && !file.isDeclarationFile())
    .sort((left, right) => (left.getFilePath() < right.getFilePath() ? -1 : 1))
    .flatMap((file) => file.getDescendants().filter(Node.isCallExpression));
}

/** Every call site with its syntax, numbered by file and position; `root` is what spans are relative to. */
export function locateCallSites(project: Project, root: string): FoundCallSites {
  const callSites: LocatedCallSite[] = [];
  const unresolved: UnresolvedAccess[] = [];
  const all = ownCalls(project);
  const calls = sqlCalls(all);
  for (const call of calls) {
    const id = `CS-${String(callSites.length + 1).padStart(3, '0')}`;
    try {
      callSites.push(locate(call, id, root));
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      const file = relativeFile(call.node.getSourceFile(), root);
      unresolved.push({
        file,
        line: call.node.getStartLineNumber(),
        reason: error.message,
        excerpt: excerpt(call.node),
      });
    }
  }
  unresolved.push(...unknownReceivers(all, root));
  return { callSites, unresolved, calls };
}

/** Calls that look like the driver's on something without a type: maybe SQL, so they are said rather than dropped. */
function unknownReceivers(calls: readonly CallExpression[], root: string): UnresolvedAccess[] {
  return calls.flatMap((call): UnresolvedAccess[] => {
    const callee = call.getExpression();
    const [first] = call.getArguments();
    if (!Node.isPropertyAccessExpression(callee) || !['query', 'execute'].includes(callee.getName())) return [];
    if (first === undefined || driverCall(call) !== undefined || !callee.getExpression().getType().isAny()) return [];
    const type = first.getType();
    if (!type.isAny() && !type.isString() && !type.isStringLiteral()) return [];
    const file = relativeFile(call.getSourceFile(), root);
    const reason = `what ${callee.getExpression().getText()} is can't be told, so this may be a call of the driver`;
    return [{ file, line: call.getStartLineNumber(), reason, excerpt: excerpt(call) }];
  });
}

function locate(call: SqlCall, id: string, root: string): LocatedCallSite {
  const { node } = call;
  const state = stateAt(node);
  return tracing(node, () => {
    const pieces = piecesOf(evaluate(call.sql, state));
    const inputs = new Inputs(node, state);
    const draft = buildTemplate(pieces, valuesOf(call, state), call.api, inputs);
    const slice = sliceOf(call, state, inputs);
    const { template, inputs: named } = nameInputs(draft, inputs);
    const statement = statementKind(leadingText(template.parts));
    const binding = bindingOf(call);
    const kinds = call.handle.kinds;
    return {
      id,
      span: spanOf(node, root),
      within: namesAround(node),
      api: call.api,
      style: call.callback ? 'callback' : 'promise',
      receiver: kinds.includes('connection') ? 'connection' : 'pool',
      template,
      inputs: named,
      statement,
      result: resultUse(binding, statement === 'select' || statement === 'other'),
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

function valuesOf(call: SqlCall, state: State): Values {
  if (call.values === undefined) return { kind: 'items', items: [] };
  const value = evaluate(call.values, state);
  const cell = state.cellOf(value);
  if (cell?.kind === 'array') return { kind: 'items', items: cell.items };
  if (cell?.kind === 'lost') throw new Untold(cell.reason);
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
