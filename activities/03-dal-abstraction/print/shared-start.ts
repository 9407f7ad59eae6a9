import ts from 'typescript';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { MethodDesign } from '../design/design.ts';
import { pascal } from '../design/words.ts';
import { withInputs } from '../move/statement-text.ts';
import { sliceOf } from './slice.ts';

type Method = MethodDesign<LocatedCallSite>;

/** As many lines, written twice, are a block that reviewers send back. */
const LINES = 6;

/** Statements that methods of one aggregate begin with alike, as a function of their own. */
export interface SharedStart {
  /** The function, with its comment. */
  readonly code: string;
  readonly methods: readonly Method[];
  /** How many statements of each method it stands for. */
  readonly statements: number;
  /** The statement by which a method calls it. */
  call(method: Method): string;
}

/** Finds what methods begin with alike; `type` names the aggregate's interface. */
export function sharedStarts(methods: readonly Method[], type: string): SharedStart[] {
  const starts: SharedStart[] = [];
  let open = [...methods];
  for (const method of methods) {
    if (!open.includes(method)) continue;
    const alike = open.filter((other) => other !== method && common(method, other) > 0);
    if (alike.length === 0) continue;
    const statements = Math.min(...alike.map((other) => common(method, other)));
    const start = sharedStart([method, ...alike], statements, type);
    if (start === undefined) continue;
    starts.push(start);
    open = open.filter((other) => !start.methods.includes(other));
  }
  return starts;
}

/** How many first statements two methods share, if they are lines enough and their inputs have the same types. */
function common(one: Method, other: Method): number {
  const [own, others] = [sliceOf(one), sliceOf(other)];
  const end = own.findIndex((text, position) => text !== others[position]);
  const shared = own.slice(0, end < 0 ? own.length : end);
  if (shared.join('\n').split('\n').length < LINES) return 0;
  const inputs = identifiers(shared.join('\n'));
  const typed = one.inputs.filter(({ name }) => inputs.has(name));
  const alike = typed.every(({ name, type }) =>
    other.inputs.some((input) => input.name === name && input.type === type),
  );
  return alike ? shared.length : 0;
}

function sharedStart(methods: readonly Method[], statements: number, type: string): SharedStart | undefined {
  const [first] = methods;
  if (first === undefined) return undefined;
  const lines = sliceOf(first).slice(0, statements);
  const text = lines.join('\n');
  const declared = constants(text);
  if (declared === undefined) return undefined;
  const inputs = first.inputs.map(({ name }) => name).filter((name) => identifiers(text).has(name));
  const needed = (method: Method): string[] => {
    const names = identifiers(rest(method, statements));
    return declared.filter((name) => names.has(name));
  };
  const given = declared.filter((name) => methods.some((method) => needed(method).includes(name)));
  if (given.length === 0) return undefined;
  const names = methods.map(({ name }) => name);
  const called = `partsOf${names.map(pascal).join('And')}`;
  const parameter =
    inputs.length === 0
      ? ''
      : `{ ${inputs.join(', ')} }: Pick<Parameters<${type}['${first.name}']>[0], ${inputs.map((name) => `'${name}'`).join(' | ')}>`;
  return {
    code: `/** What ${names.join(' and ')} put together alike. */
function ${called}(${parameter}) {
  ${text}
  return { ${given.join(', ')} };
}`,
    methods,
    statements,
    call: (method) =>
      `const { ${needed(method).join(', ')} } = ${called}(${inputs.length === 0 ? '' : `{ ${inputs.join(', ')} }`});`,
  };
}

/** What a method does behind its first statements. */
function rest(method: Method, statements: number): string {
  const [source] = method.callSites;
  const values = source.valuesNode === undefined ? [] : [`(${withInputs(source.valuesNode, source)});`];
  return [...sliceOf(method).slice(statements), `(${withInputs(source.sqlNode, source)});`, ...values].join('\n');
}

/** Names that statements declare; nothing when they do what a function of their own could not. */
function constants(code: string): string[] | undefined {
  const names: string[] = [];
  for (const statement of parsed(code).statements) {
    if (ts.isIfStatement(statement) || ts.isExpressionStatement(statement) || ts.isForOfStatement(statement)) continue;
    if (!ts.isVariableStatement(statement) || (statement.declarationList.flags & ts.NodeFlags.Const) === 0)
      return undefined;
    for (const { name } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name)) return undefined;
      names.push(name.text);
    }
  }
  return /\b(await|return|yield|this|arguments)\b/.test(code) ? undefined : names;
}

/** Names that code refers to; those of members are none. */
function identifiers(code: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const { parent } = node;
    if (
      ts.isIdentifier(node) &&
      !(ts.isPropertyAccessExpression(parent) && parent.name === node) &&
      !(ts.isPropertyAssignment(parent) && parent.name === node)
    ) {
      names.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed(code));
  return names;
}

function parsed(code: string): ts.SourceFile {
  return ts.createSourceFile('start.ts', code, ts.ScriptTarget.Latest, true);
}
