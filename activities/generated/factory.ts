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
  const position = choice?.getClauses().findIndex((clause) => Node.isDefaultClause(clause)) ?? -1;
  if (choice === undefined || position < 0) {
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
  choice
    .getCaseBlock()
    .insertText(
      choice.getClauses()[position]?.getStart() === undefined
        ? choice.getCaseBlock().getEnd() - 1
        : (choice.getClauses()[position]?.getStart() ?? 0),
      `${label}\n      return ${added.create};\n    `,
    );
  return file.getFullText();
}
