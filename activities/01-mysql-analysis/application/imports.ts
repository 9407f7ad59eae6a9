import { Node, type Identifier } from 'ts-morph';
import { unwrap } from './syntax.ts';

/** Where a name comes from: `{ module: 'express', name: 'Router' }`; name `default` or `*` for whole modules. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

/**
 * What an expression names of an imported package, by `import` and `require`, whether or not the package's types can
 * be found. `express.Router` gives the module `express` and the name `Router`.
 */
export function importedName(expression: Node): ImportedName | undefined {
  const bare = unwrap(expression);
  if (Node.isPropertyAccessExpression(bare)) {
    const base = importedName(bare.getExpression());
    if (base === undefined) return undefined;
    return base.name === 'default' || base.name === '*' ? { module: base.module, name: bare.getName() } : undefined;
  }
  const required = requiredModule(bare);
  if (required !== undefined) return { module: required, name: '*' };
  return Node.isIdentifier(bare) ? importOfIdentifier(bare) : undefined;
}

function importOfIdentifier(identifier: Identifier): ImportedName | undefined {
  for (const declaration of identifier.getSymbol()?.getDeclarations() ?? []) {
    if (Node.isImportSpecifier(declaration)) {
      return { module: declaration.getImportDeclaration().getModuleSpecifierValue(), name: declaration.getName() };
    }
    const clause = Node.isImportClause(declaration) || Node.isNamespaceImport(declaration);
    const imported = clause ? declaration.getFirstAncestor(Node.isImportDeclaration) : undefined;
    if (imported) {
      const name = Node.isNamespaceImport(declaration) ? '*' : 'default';
      return { module: imported.getModuleSpecifierValue(), name };
    }
    if (Node.isVariableDeclaration(declaration)) {
      const module = requiredModule(unwrap(declaration.getInitializer() ?? declaration));
      if (module !== undefined) return { module, name: '*' };
      const value = declaration.getInitializer();
      // `const Router = express.Router`
      if (value && Node.isPropertyAccessExpression(unwrap(value))) return importedName(value);
    }
    if (Node.isBindingElement(declaration)) {
      const variable = declaration.getFirstAncestor(Node.isVariableDeclaration);
      const base = variable?.getInitializer();
      const from = base && importedName(base);
      if (from)
        return { module: from.module, name: declaration.getPropertyNameNode()?.getText() ?? declaration.getName() };
    }
  }
  return undefined;
}

function requiredModule(node: Node): string | undefined {
  if (!Node.isCallExpression(node) || node.getExpression().getText() !== 'require') return undefined;
  const [argument] = node.getArguments();
  return Node.isStringLiteral(argument) ? argument.getLiteralValue() : undefined;
}
