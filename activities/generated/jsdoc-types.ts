import ts from 'typescript';
import type { TextChange } from './text-changes.ts';

export type TypeDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

const PRINTER = ts.createPrinter({ removeComments: true });

/** An interface or type as a JSDoc typedef, with its comments. */
export function documentType(node: TypeDeclaration): string {
  const parameters = (node.typeParameters ?? []).map((one) => `@template ${one.name.text}`);
  const name = node.name.text;
  const own = ts.isTypeAliasDeclaration(node) ? [`@typedef {${typeText(node.type)}} ${name}`] : interfaceTags(node);
  return comment([...descriptionOf(node), ...parameters, ...own]);
}

function interfaceTags(node: ts.InterfaceDeclaration): string[] {
  const name = node.name.text;
  const bases = (node.heritageClauses ?? []).flatMap((clause) => clause.types.map(typeText));
  const isPlain = node.members.every((one) => ts.isPropertySignature(one) || ts.isMethodSignature(one));
  if (bases.length > 0 || !isPlain) {
    const members = node.members.length === 0 ? [] : [`{ ${node.members.map(typeText).join(' ')} }`];
    return [`@typedef {${[...bases, ...members].join(' & ')}} ${name}`];
  }
  const properties = node.members.map((member) => {
    if (!ts.isPropertySignature(member) && !ts.isMethodSignature(member)) return '';
    const type = ts.isMethodSignature(member)
      ? `(${member.parameters.map(typeText).join(', ')}) => ${member.type === undefined ? 'void' : typeText(member.type)}`
      : member.type === undefined
        ? 'unknown'
        : typeText(member.type);
    const property = member.name.getText();
    const description = descriptionOf(member).join(' ');
    return `@property {${type}} ${member.questionToken === undefined ? property : `[${property}]`} ${description}`.trimEnd();
  });
  return [`@typedef {object} ${name}`, ...properties];
}

/** What an exported function takes and gives, put into its comment; undefined where that says nothing. */
export function documentFunction(node: ts.FunctionDeclaration): TextChange | undefined {
  const parameters = node.parameters.map((one, index) => {
    const name = ts.isIdentifier(one.name) ? one.name.text : `given${index === 0 ? '' : index + 1}`;
    const isOptional = one.questionToken !== undefined || one.initializer !== undefined;
    const type = one.type === undefined ? 'unknown' : typeText(one.type);
    const rest = one.dotDotDotToken === undefined ? type : `...${type.replace(/\[\]$/, '')}`;
    return `@param {${rest}} ${isOptional ? `[${name}]` : name}`;
  });
  const answer = node.type === undefined || typeText(node.type) === 'void' ? [] : [`@returns {${typeText(node.type)}}`];
  const templates = (node.typeParameters ?? []).map((one) => `@template ${one.name.text}`);
  const tags = [...templates, ...parameters, ...answer];
  if (tags.length === 0) return undefined;
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  const start = doc?.getStart() ?? node.getStart();
  const end = doc?.end ?? node.getStart();
  return { start, end, text: comment([...descriptionOf(node), ...tags]) + (doc === undefined ? '\n' : '') };
}

/** A type on one line. */
function typeText(node: ts.Node): string {
  return PRINTER.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replace(/\breadonly (?=[\w[{])/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^\| /, '');
}

/** The lines of the JSDoc right above, without stars. */
function descriptionOf(node: ts.Node): string[] {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  if (doc === undefined) return [];
  return doc
    .getText()
    .replace(/^\/\*\*\s?|\s*\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, '').trimEnd())
    .filter((line, index, all) => line !== '' || (index > 0 && index < all.length - 1));
}

function comment(lines: readonly string[]): string {
  return lines.length === 1
    ? `/** ${lines[0] ?? ''} */`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */`;
}
