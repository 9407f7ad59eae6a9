import fc from 'fast-check';
import ts from 'typescript';
import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import type { DataAccessMethod, MethodInput } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import { templateReferences } from '../../../sql/template-references.ts';
import type { Tagged } from '../tests/values.ts';
import { type Cell, cellsOf, holdsBytes, holdsNumbers, holdsText } from './cells.ts';
import { type Content, isEmptyKey, type KeyColumns } from './content.ts';

/** Inputs of one method, or why none can be made. */
export type Inputs =
  | { readonly kind: 'inputs'; readonly arbitrary: fc.Arbitrary<Tagged> }
  | { readonly kind: 'unknown'; readonly why: string };

const NOTHING: Tagged = { $: 'undefined' };

/** What a method can be given: of the declared types, mostly with values that are in the tables it names. */
export function inputsOf(
  method: DataAccessMethod,
  tables: readonly TableFacts[],
  content: Content,
  keys: KeyColumns,
): Inputs {
  if (method.inputs.length === 0) return { kind: 'inputs', arbitrary: fc.constant(NOTHING) };
  const named = templateReferences(method.template, tables).tables;
  const members: Record<string, fc.Arbitrary<Tagged>> = {};
  for (const input of method.inputs) {
    const columns = columnsOf(input, method, tables, named);
    const type = typeNode(input.type);
    const arbitrary =
      type === undefined
        ? undefined
        : (pagePart(method.template.parts, input.name) ?? typed(type, { columns, content, keys }));
    if (arbitrary === undefined)
      return { kind: 'unknown', why: `no values are known for ${input.name}: ${input.type}` };
    members[input.name] = arbitrary;
  }
  return { kind: 'inputs', arbitrary: fc.record(members) };
}

interface Sourced {
  readonly table: string;
  readonly column: ColumnFacts;
}

/** Where values come from: for rows, one list of columns for each place in a row. */
interface Setting {
  readonly columns: readonly (readonly Sourced[])[];
  readonly content: Content;
  readonly keys: KeyColumns;
}

function columnsOf(
  input: MethodInput,
  method: DataAccessMethod,
  tables: readonly TableFacts[],
  named: readonly string[],
): Sourced[][] {
  const find = (table: TableFacts, name: string): Sourced[] =>
    table.columns
      .filter((column) => column.name.toLowerCase() === name.toLowerCase())
      .map((column) => ({ table: table.name, column }));
  const rows = rowColumns(method.template.parts, input.name);
  if (rows !== undefined) {
    const table = tables.find(({ name }) => name.toLowerCase() === rows.table.toLowerCase());
    return rows.columns.map((name) => (table === undefined ? [] : find(table, name)));
  }
  const name = input.column?.split('.').at(-1)?.replaceAll('`', '');
  if (name === undefined) return [[]];
  return [tables.filter((table) => named.includes(table.name)).flatMap((table) => find(table, name))];
}

/** Values of a LIMIT or an OFFSET as a reader of pages gives them: others show one row or none. */
function pagePart(parts: readonly SqlPart[], input: string): fc.Arbitrary<Tagged> | undefined {
  const [, word] = parts.flatMap((part, at) => {
    const before = parts[at - 1];
    const isInput = part.kind === 'parameter' && part.expression === input && before?.kind === 'text';
    return isInput ? [/\b(LIMIT|OFFSET)\s*$/i.exec(before.text)] : [];
  })[0] ?? [undefined, undefined];
  if (word === undefined) return undefined;
  return word.toUpperCase() === 'LIMIT' ? fc.constantFrom(1, 2, 3, 20, 100) : fc.constantFrom(0, 0, 0, 1, 2);
}

/** Table and columns of `INSERT INTO t (a, b) VALUES ?`, when the input is what `?` stands for. */
function rowColumns(
  parts: readonly SqlPart[],
  input: string,
): { readonly table: string; readonly columns: readonly string[] } | undefined {
  let before = '';
  for (const part of parts) {
    if (part.kind === 'rows' && part.expression === input) {
      const found = /INTO\s+`?([\w$]+)`?\s*\(([^()]*)\)\s*VALUES\s*$/i.exec(before);
      const [, table, list] = found ?? [];
      if (table === undefined || list === undefined) return undefined;
      return { table, columns: list.split(',').map((name) => name.trim().replaceAll('`', '')) };
    }
    before = part.kind === 'text' ? before + part.text : '';
  }
  return undefined;
}

function typeNode(type: string): ts.TypeNode | undefined {
  const file = ts.createSourceFile('type.ts', `type T = ${type};`, ts.ScriptTarget.Latest, false);
  const [statement] = file.statements;
  return statement !== undefined && ts.isTypeAliasDeclaration(statement) ? statement.type : undefined;
}

/** Values of a type; undefined where its source does not tell them. */
function typed(type: ts.TypeNode, setting: Setting): fc.Arbitrary<Tagged> | undefined {
  if (ts.isParenthesizedTypeNode(type)) return typed(type.type, setting);
  if (ts.isTypeOperatorNode(type)) return typed(type.type, setting);
  if (ts.isUnionTypeNode(type)) {
    const choices = type.types.map((each) => typed(each, setting));
    const known = choices.filter((each) => each !== undefined);
    return known.length === choices.length ? fc.oneof(...known) : undefined;
  }
  if (ts.isLiteralTypeNode(type)) return literalOf(type.literal);
  if (ts.isArrayTypeNode(type)) return listOf(type.elementType, setting);
  if (ts.isTypeReferenceNode(type)) return named(type, setting);
  const sources = setting.columns[0] ?? [];
  switch (type.kind) {
    case ts.SyntaxKind.UndefinedKeyword:
      return fc.constant(NOTHING);
    case ts.SyntaxKind.BooleanKeyword:
      return fc.boolean();
    case ts.SyntaxKind.NumberKeyword:
      return numbers(sources, setting);
    case ts.SyntaxKind.BigIntKeyword:
      return numbers(sources, setting).map((value) => ({ $: 'bigint', text: String(Math.trunc(value)) }));
    case ts.SyntaxKind.StringKeyword:
      return strings(sources, setting);
    case ts.SyntaxKind.UnknownKeyword:
    case ts.SyntaxKind.AnyKeyword:
      return sources.length === 0 ? undefined : ofColumns(sources, setting);
    default:
      return undefined;
  }
}

function literalOf(literal: ts.LiteralTypeNode['literal']): fc.Arbitrary<Tagged> | undefined {
  if (literal.kind === ts.SyntaxKind.NullKeyword) return fc.constant(null);
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return fc.constant(true);
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return fc.constant(false);
  if (ts.isStringLiteral(literal)) return fc.constant(literal.text);
  return ts.isNumericLiteral(literal) ? fc.constant(Number(literal.text)) : undefined;
}

function named(type: ts.TypeReferenceNode, setting: Setting): fc.Arbitrary<Tagged> | undefined {
  const name = ts.isIdentifier(type.typeName) ? type.typeName.text : '';
  const [first, second] = type.typeArguments ?? [];
  switch (name) {
    case 'Array':
    case 'ReadonlyArray':
      return first === undefined ? undefined : listOf(first, setting);
    case 'Readonly':
      return first === undefined ? undefined : typed(first, setting);
    case 'Buffer':
    case 'Uint8Array':
      return bytes(setting);
    case 'Date':
      return fc
        .constantFrom('2024-02-29T23:59:59.000Z', '2024-03-01T00:00:00.000Z', '1999-12-31T12:30:00.500Z')
        .map((text) => ({ $: 'date', text }));
    case 'Record':
      return second === undefined
        ? undefined
        : fc.dictionary(fc.constantFrom('a', 'b', 'ä'), fc.constantFrom<Tagged>(1, 'x', null, true), { maxKeys: 2 });
    default:
      return undefined;
  }
}

/** None, one, many; of rows (lists of lists) each place from its own column, and at least one. */
function listOf(element: ts.TypeNode, setting: Setting): fc.Arbitrary<Tagged> | undefined {
  const inner = ts.isArrayTypeNode(element) ? element.elementType : undefined;
  if (inner === undefined) {
    const values = typed(element, setting);
    if (values === undefined) return undefined;
    // What the type has few of, such as the labels of a SET, is given once each.
    return isChoice(element)
      ? fc.uniqueArray(values, { maxLength: 4 })
      : fc.array(values, { minLength: 1, maxLength: 6 });
  }
  const places = setting.columns.map((sources) =>
    sources.length === 0 ? undefined : ofColumns(sources, setting, scalarKinds(inner)),
  );
  const known = places.filter((each) => each !== undefined);
  if (known.length === 0 || known.length < places.length) return undefined;
  return fc.array(fc.tuple(...known), { minLength: 1, maxLength: 3 });
}

function isChoice(type: ts.TypeNode): boolean {
  const plain = ts.isParenthesizedTypeNode(type) ? type.type : type;
  return ts.isUnionTypeNode(plain) && plain.types.every((each) => ts.isLiteralTypeNode(each));
}

/** Whether a type lets numbers in; else numbers of a column are given as text. */
function scalarKinds(type: ts.TypeNode): 'number' | 'text' {
  const plain = ts.isParenthesizedTypeNode(type) ? type.type : type;
  const kinds = ts.isUnionTypeNode(plain) ? plain.types : [plain];
  return kinds.some(({ kind }) => kind === ts.SyntaxKind.NumberKeyword) ? 'number' : 'text';
}

/** Values as the columns hold them: of the data, of the type. */
function ofColumns(
  sources: readonly Sourced[],
  setting: Setting,
  numbersAs: 'number' | 'text' = 'number',
): fc.Arbitrary<Tagged> {
  const exact = sources.every(({ column }) => ['decimal', 'bigint'].includes(column.dataType));
  if (sources.every(({ column }) => holdsNumbers(column)) && numbersAs === 'number' && !exact) {
    return numbers(sources, setting);
  }
  return sources.every(({ column }) => holdsBytes(column))
    ? bytes({ ...setting, columns: [sources] })
    : strings(sources, setting);
}

/** Values that the columns hold in the generated rows, then values of their types. */
function cells(sources: readonly Sourced[], { content, keys }: Setting): fc.Arbitrary<Cell> | undefined {
  const held = sources.flatMap(({ table, column }) =>
    (content.get(table) ?? []).map((row) => row[column.name] ?? null),
  );
  const present = [...new Map(held.filter((cell) => cell !== null).map((cell) => [String(cell), cell])).values()];
  const types = sources.flatMap(({ column }) => cellsOf(column) ?? []);
  const choices = [
    ...(present.length === 0 ? [] : [{ weight: 4, arbitrary: fc.constantFrom<Cell>(...present) }]),
    ...types.map((arbitrary) => ({ weight: 1, arbitrary })),
  ];
  return choices.length === 0
    ? undefined
    : fc
        .oneof(...choices)
        .filter((cell) => !sources.some(({ table, column }) => isEmptyKey(keys, table, column.name, cell)));
}

/** Numbers that no column is known for page through lists or count: small ones. */
function numbers(sources: readonly Sourced[], setting: Setting): fc.Arbitrary<number> {
  const small = fc.integer({ min: 0, max: 6 });
  const known = sources.every(({ column }) => holdsNumbers(column)) ? cells(sources, setting) : undefined;
  if (known === undefined) return small;
  const safe = known
    .map(Number)
    .filter((value) => Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
  return fc.oneof({ weight: 4, arbitrary: safe }, { weight: 1, arbitrary: small });
}

function strings(sources: readonly Sourced[], setting: Setting): fc.Arbitrary<string> {
  const known = cells(sources, setting)?.map((cell) => (Buffer.isBuffer(cell) ? cell.toString('hex') : (cell ?? '')));
  if (known === undefined) return fc.constantFrom('', 'a', 'A', 'ä', '1');
  if (!sources.some(({ column }) => holdsText(column))) return known;
  const whole = (text: string): boolean =>
    !sources.some(({ table, column }) => isEmptyKey(setting.keys, table, column.name, text));
  const near = known.chain((text) =>
    fc.constantFrom(text.toUpperCase(), text.toLowerCase(), `${text} `, part(text, 0, 2), part(text, 1, 3), `${text}x`),
  );
  return fc.oneof({ weight: 3, arbitrary: known }, { weight: 1, arbitrary: near.filter(whole) });
}

/** By whole characters: half of a surrogate pair is no text. */
function part(text: string, from: number, to: number): string {
  return [...text].slice(from, to).join('');
}

function bytes(setting: Setting): fc.Arbitrary<Tagged> {
  const known = cells(setting.columns[0] ?? [], setting) ?? fc.constant(Buffer.from([1]));
  return known.map((cell) => ({ $: 'buffer', text: Buffer.from(cell ?? '').toString('hex') }));
}
