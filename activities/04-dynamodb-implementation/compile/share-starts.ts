import ts from 'typescript';
import type { DataAccessMethod } from '../../../core/data-access.ts';
import { identifiersIn, replaced, type TextChange } from './source-text.ts';

/** As many lines, written twice, are a block that reviewers send back. */
const LINES = 5;

/** The statements by which a reading method reads, and what it does with them. */
interface Reading {
  readonly name: string;
  readonly statements: readonly ts.Statement[];
}

/** Reads that several methods of an aggregate's file begin with alike, written once, as functions of the file. */
export function shareStarts(content: string, type: string, methods: readonly DataAccessMethod[]): string {
  const source = ts.createSourceFile('a.ts', content, ts.ScriptTarget.Latest, true);
  const readings = readingsOf(source);
  const changes: TextChange[] = [];
  const functions: string[] = [];
  let open = [...readings];
  for (const reading of readings) {
    if (!open.includes(reading)) continue;
    const alike = open.filter((other) => other !== reading && common(reading, other, methods) > 0);
    if (alike.length === 0) continue;
    const count = Math.min(...alike.map((other) => common(reading, other, methods)));
    const takers = [reading, ...alike];
    const statements = reading.statements.slice(0, count);
    const used = new Set(statements.flatMap((statement) => [...identifiersIn(statement)]));
    const declared = statements.flatMap(declaredBy);
    const given = declared.filter((name) => takers.some((taker) => needs(taker, count, name)));
    const inputs = inputsOf(reading.name, methods).filter((name) => used.has(name));
    const name = `${takers.map((taker, at) => (at === 0 ? taker.name : pascal(taker.name))).join('And')}Rows`;
    const parameters =
      inputs.length === 0
        ? 'read: Reader'
        : `read: Reader, { ${inputs.join(', ')} }: Pick<Parameters<${type}['${reading.name}']>[0], ${inputs.map((input) => `'${input}'`).join(' | ')}>`;
    const result = given.length === 1 ? (given[0] ?? '') : `{ ${given.join(', ')} }`;
    functions.push(`/** What ${takers.map((taker) => taker.name).join(' and ')} read alike. */
async function ${name}(${parameters}) {
${statements.map((statement) => statement.getText()).join('\n')}
return ${result};
}
`);
    for (const taker of takers) {
      const [first] = taker.statements;
      const call = `${name}(read${inputs.length === 0 ? '' : `, { ${inputs.join(', ')} }`})`;
      changes.push({
        start: first?.getStart() ?? 0,
        end: taker.statements[count - 1]?.getEnd() ?? 0,
        text: `const ${result} = await ${call};`,
      });
    }
    open = open.filter((other) => !takers.includes(other));
  }
  if (functions.length === 0) return content;
  return replaced(content, changes)
    .replace(/^import type \{ Store \}/m, 'import type { Reader, Store }')
    .replace(/^(?=export function dynamo)/m, `${functions.join('\n')}\n`);
}

function readingsOf(source: ts.SourceFile): Reading[] {
  const found: Reading[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name) && node.body !== undefined) {
      const [first, ...more] = node.body.statements;
      const locking = first !== undefined && ts.isReturnStatement(first) ? lockingBody(first) : undefined;
      if (first?.getText() === 'const read = store.reader(unit);')
        found.push({ name: node.name.text, statements: more });
      else if (locking !== undefined) found.push({ name: node.name.text, statements: locking });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The statements of `return store.locking(unit, async (read) => { … });`. */
function lockingBody({ expression }: ts.ReturnStatement): readonly ts.Statement[] | undefined {
  if (expression === undefined || !ts.isCallExpression(expression)) return undefined;
  const [, work] = expression.arguments;
  if (expression.expression.getText() !== 'store.locking' || work === undefined) return undefined;
  return ts.isArrowFunction(work) && ts.isBlock(work.body) ? work.body.statements : undefined;
}

/** How many first statements two methods share, if they are lines enough and nothing else than reads. */
function common(one: Reading, other: Reading, methods: readonly DataAccessMethod[]): number {
  let count = 0;
  while (count < one.statements.length && text(one.statements[count]) === text(other.statements[count])) {
    const statement = one.statements[count];
    if (statement === undefined || declaredBy(statement).length !== 1) break;
    const used = identifiersIn(statement);
    const alike = inputsOf(one.name, methods).every(
      (input) => !used.has(input) || typeOf(one.name, input, methods) === typeOf(other.name, input, methods),
    );
    if (used.has('store') || used.has('unit') || !alike) break;
    count += 1;
  }
  const lines = one.statements.slice(0, count).reduce((sum, each) => sum + each.getText().split('\n').length, 0);
  return lines >= LINES ? count : 0;
}

function text(statement: ts.Statement | undefined): string {
  return statement?.getText().replace(/\s+/g, ' ') ?? '';
}

function declaredBy(statement: ts.Statement): string[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
}

function needs(reading: Reading, from: number, name: string): boolean {
  return reading.statements.slice(from).some((statement) => identifiersIn(statement).has(name));
}

function inputsOf(name: string, methods: readonly DataAccessMethod[]): string[] {
  return methods.find((method) => method.name === name)?.inputs.map((input) => input.name) ?? [];
}

function typeOf(name: string, input: string, methods: readonly DataAccessMethod[]): string | undefined {
  return methods.find((method) => method.name === name)?.inputs.find((each) => each.name === input)?.type;
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
