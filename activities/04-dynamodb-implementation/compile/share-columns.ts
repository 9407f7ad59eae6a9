import ts from 'typescript';
import { identifiersIn, replaced, type TextChange } from './source-text.ts';

/** As many columns, written twice, are a block that reviewers send back. */
const COLUMNS = 5;

/** A member of an object literal, by what it says when the row that it reads is called `row`. */
interface Member {
  readonly node: ts.ObjectLiteralElementLike;
  readonly text: string;
  /** The row's variable; null for members that are made of inputs. */
  readonly row: string | null;
  /** The inputs it is made of, when it is. */
  readonly inputs: readonly string[];
}

interface Literal {
  readonly file: number;
  readonly method: string;
  readonly members: readonly (Member | undefined)[];
}

interface Run {
  readonly literal: Literal;
  readonly start: number;
  readonly length: number;
}

/** A file of one aggregate. */
export interface AggregateText {
  readonly aggregate: string;
  readonly content: string;
}

/**
 * Columns that several methods give or take alike, written once: as functions of a file of their own. Gives the
 * aggregates' files, and the text of that file where there is something to share.
 */
export function shareColumns(
  files: readonly AggregateText[],
  storeImport: string,
  columnsImport: string,
): { readonly files: AggregateText[]; readonly shared: string | undefined } {
  const sources = files.map(({ content }) => ts.createSourceFile('a.ts', content, ts.ScriptTarget.Latest, true));
  const literals = sources.flatMap((source, file) => literalsOf(source, file));
  const changes: TextChange[][] = files.map(() => []);
  const functions: { readonly name: string; readonly code: string; readonly files: ReadonlySet<number> }[] = [];
  let open = literals;
  for (;;) {
    const runs = longestRuns(open);
    const [first] = runs;
    if (first === undefined) break;
    const name = `${files[first.literal.file]?.aggregate ?? ''}${pascal(first.literal.method)}Columns`;
    const members = first.literal.members.slice(first.start, first.start + first.length);
    functions.push({
      name,
      code: functionText(name, members.flatMap((member) => member ?? []), runs.map(({ literal }) => `${files[literal.file]?.aggregate ?? ''}.${literal.method}`)), // prettier-ignore
      files: new Set(runs.map(({ literal }) => literal.file)),
    });
    for (const run of runs) changes[run.literal.file]?.push(callOf(run, name));
    open = open.flatMap((literal) =>
      without(
        literal,
        runs.filter((run) => run.literal === literal),
      ),
    );
  }
  if (functions.length === 0) return { files: [...files], shared: undefined };
  const all = functions.map(({ code }) => code).join('\n\n');
  const types = [/\bRow\b/, /\bStore\b/].flatMap((type, at) => (type.test(all) ? [['Row', 'Store'][at] ?? ''] : []));
  return {
    files: files.map(({ aggregate, content }, file) => {
      const own = functions.filter((each) => each.files.has(file)).map(({ name }) => name);
      const text = replaced(content, changes[file] ?? []);
      const line = `import { ${own.sort().join(', ')} } from '${columnsImport}';\n`;
      if (own.length === 0) return { aggregate, content: text };
      const withImport = text.replace(/^(?=import \* as sql)/m, line);
      const needsSql = /\bsql\.\w/.test(withImport);
      return { aggregate, content: needsSql ? withImport : withImport.replace(/^import \* as sql.*\n/m, '') };
    }),
    shared: `${/\bsql\./.test(all) ? `import * as sql from '${storeImport}';\n` : ''}${types.length === 0 ? '' : `import type { ${types.join(', ')} } from '${storeImport}';\n`}\n${all}\n`,
  };
}

function literalsOf(source: ts.SourceFile, file: number): Literal[] {
  const found: Literal[] = [];
  const visit = (node: ts.Node, method: string): void => {
    if (ts.isObjectLiteralExpression(node) && method !== '' && node.properties.length >= COLUMNS) {
      found.push({ file, method, members: node.properties.map(memberOf) });
    }
    const own = ts.isMethodDeclaration(node) && ts.isIdentifier(node.name) ? node.name.text : method;
    ts.forEachChild(node, (child) => visit(child, own));
  };
  visit(source, '');
  return found;
}

function memberOf(node: ts.ObjectLiteralElementLike): Member | undefined {
  if (!ts.isPropertyAssignment(node)) return undefined;
  const text = node.getText().replace(/\s+/g, ' ');
  const used = [...identifiersIn(node.initializer)];
  const free = used.filter((name) => !['store', 'sql', 'undefined'].includes(name));
  if (used.includes('store')) {
    const [row, ...more] = free;
    if (row === undefined || more.length > 0) return undefined;
    const general = text.replaceAll(new RegExp(`\\b${row}\\.`, 'g'), 'row.');
    // Only a row's columns: a group, or a row handed on as a whole, would need its own type.
    return new RegExp(`\\b(${row}|row)\\b(?!\\.)`).test(general) ? undefined : { node, text: general, row, inputs: [] };
  }
  // Whatever its type, an input is made a value; anything else would need its type.
  const [, input] = /^sql\.arg\((\w+)\)$/.exec(node.initializer.getText()) ?? [];
  return input === undefined ? undefined : { node, text, row: null, inputs: [input] };
}

/** The longest run of members that stands in several literals, wherever it stands. */
function longestRuns(literals: readonly Literal[]): Run[] {
  for (let length = Math.max(0, ...literals.map(({ members }) => members.length)); length >= COLUMNS; length -= 1) {
    const byText = new Map<string, Run[]>();
    for (const literal of literals) {
      for (let start = 0; start + length <= literal.members.length; start += 1) {
        const members = literal.members.slice(start, start + length);
        if (members.some((member) => member === undefined || member.row !== members[0]?.row)) continue;
        const text = members.map((member) => member?.text).join('\n');
        const known = byText.get(text) ?? [];
        if (known.some((run) => run.literal === literal && start < run.start + length)) continue;
        byText.set(text, [...known, { literal, start, length }]);
      }
    }
    const repeated = [...byText.values()].find((runs) => runs.length > 1);
    if (repeated !== undefined) return repeated;
  }
  return [];
}

function without(literal: Literal, runs: readonly Run[]): Literal[] {
  const members = literal.members.map((member, at) =>
    runs.some(({ start, length }) => at >= start && at < start + length) ? undefined : member,
  );
  return [{ ...literal, members }];
}

function functionText(name: string, members: readonly Member[], methods: readonly string[]): string {
  const inputs = [...new Set(members.flatMap((member) => member.inputs))];
  const parameters =
    members[0]?.row === null
      ? `{ ${inputs.join(', ')} }: Readonly<Record<${inputs.map((input) => `'${input}'`).join(' | ')}, unknown>>`
      : 'store: Store, row: Row';
  return `/** Columns of ${listed([...new Set(methods)])}. */
export function ${name}(${parameters}) {
  return { ${members.map(({ text }) => text).join(', ')} };
}`;
}

function callOf({ literal, start, length }: Run, name: string): TextChange {
  const members = literal.members.slice(start, start + length).flatMap((member) => member ?? []);
  const [first] = members;
  const inputs = [...new Set(members.flatMap((member) => member.inputs))];
  const given = first?.row === null ? `{ ${inputs.join(', ')} }` : `store, ${first?.row ?? ''}`;
  return { start: first?.node.getStart() ?? 0, end: members.at(-1)?.node.getEnd() ?? 0, text: `...${name}(${given})` };
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
