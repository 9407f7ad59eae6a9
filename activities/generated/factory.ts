import { Node, Project, type SwitchStatement } from 'ts-morph';
import { CutoverError } from '../../core/errors/index.ts';

/** A store that the factory can open. */
export interface FactoryStore {
  /** Value of `DAL_STORE`. */
  readonly store: string;
  /** The expression that opens it, such as `createDynamoDal()`. */
  readonly create: string;
  /** What the expression needs. */
  readonly imports: readonly { readonly names: readonly string[]; readonly from: string }[];
}

/**
 * Adds a store to `F/index.ts`, in front of the default case; the same store again changes nothing. Throws
 * `core.artifact-invalid` when the factory is no longer the one that stage 3 wrote.
 */
export function addStore(text: string, added: FactoryStore, where: string): string {
  const project = new Project({ useInMemoryFileSystem: true });
  const file = project.createSourceFile('index.ts', text);
  const choice = file
    .getDescendants()
    .find(
      (node): node is SwitchStatement => Node.isSwitchStatement(node) && node.getExpression().getText() === 'store',
    );
  const last = choice?.getClauses().find((clause) => Node.isDefaultClause(clause));
  if (choice === undefined || last === undefined) {
    throw new CutoverError('core.artifact-invalid', {
      where,
      detail: 'Expected the factory of stage 3, a switch over `store` with a default case.',
    });
  }
  const label = `case '${added.store}':`;
  if (choice.getClauses().some((clause) => clause.getText().startsWith(label))) return text;
  for (const { names, from } of added.imports) {
    file.addImportDeclaration({ namedImports: [...names], moduleSpecifier: from });
  }
  choice.getCaseBlock().insertText(last.getStart(), `${label}\n      return ${added.create};\n    `);
  return file.getFullText();
}
