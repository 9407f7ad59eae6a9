import { Node, Project, type SwitchStatement } from 'ts-morph';
import { CutoverError } from '../../core/errors/index.ts';
import { eraseTypes } from './erase-types.ts';
import { extensionOf, importLine, type ApplicationLanguage } from './language.ts';

/** A store that the factory can open. */
export interface FactoryStore {
  /** Value of `DAL_STORE`. */
  readonly store: string;
  /** The expression that opens it, as TypeScript, such as `createDynamoDal()`. */
  readonly create: string;
  /** What the expression needs. */
  readonly imports: readonly { readonly names: readonly string[]; readonly from: string }[];
}

/**
 * Adds a store to the factory `F/index.ts`, in front of the default case; the same store again changes nothing. Throws
 * `core.artifact-invalid` when the factory is no longer the one that stage 3 wrote.
 */
export function addStore(text: string, added: FactoryStore, where: string, application: ApplicationLanguage): string {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { allowJs: true } });
  const file = project.createSourceFile(`index${extensionOf(application)}`, text);
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
  const create = application.language === 'javascript' ? eraseTypes(added.create) : added.create;
  choice.getCaseBlock().insertText(last.getStart(), `${label}\n      return ${create};\n    `);
  const isImport = (line: string): boolean => /^(import\b|const .*= require\()/.test(line);
  // In front: in a circle of imports through the application, the store must be evaluated before MySQL's side is.
  const position = Math.max(
    0,
    file.getStatements().findIndex((statement) => isImport(statement.getText())),
  );
  file.insertStatements(
    position,
    added.imports.map(({ names, from }) => importLine(application, names, from)),
  );
  return file.getFullText();
}
