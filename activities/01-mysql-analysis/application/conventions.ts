import { Node, type Expression, type Project } from 'ts-morph';
import type { DriverConventions } from '../../../core/data-access.ts';
import { importedName } from './imports.ts';
import { isDriverModule } from './driver.ts';
import { declarationOf, unwrap } from './syntax.ts';
import { literalOf } from './type-text.ts';

const CREATORS = new Set(['createPool', 'createConnection', 'createPoolCluster']);

/** How the application told its driver to give values back; the driver's own defaults where it said nothing. */
export function driverConventions(project: Project): DriverConventions {
  const options = new Map<string, Expression>();
  for (const file of project.getSourceFiles()) {
    if (file.isInNodeModules() || file.isDeclarationFile()) continue;
    for (const call of file.getDescendants().filter(Node.isCallExpression)) {
      const from = importedName(call.getExpression());
      if (!from || !isDriverModule(from.module) || !CREATORS.has(from.name)) continue;
      const [argument] = call.getArguments();
      // The first pool that says something wins: applications have one, tests may have more.
      for (const [name, value] of optionsOf(argument, 0)) if (!options.has(name)) options.set(name, value);
    }
  }
  const on = (name: string): boolean => isOn(options.get(name));
  const zone = options.get('timezone');
  return {
    decimals: on('decimalNumbers') ? 'number' : 'string',
    dates: on('dateStrings') ? 'string' : 'Date',
    bigNumbers: on('supportBigNumbers') ? (on('bigNumberStrings') ? 'string' : 'safe') : 'number',
    timeZone: (zone && textOf(zone)) ?? 'local',
  };
}

/** The options of an object literal, through names and spreads. */
function optionsOf(node: Node | undefined, depth: number): [string, Expression][] {
  const bare = node && unwrap(node);
  if (depth > 5) return [];
  if (Node.isIdentifier(bare)) {
    const declaration = declarationOf(bare);
    return optionsOf(Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined, depth + 1);
  }
  if (!Node.isObjectLiteralExpression(bare)) return [];
  // Later properties win, as they do when the program runs.
  return bare
    .getProperties()
    .reverse()
    .flatMap((property): [string, Expression][] => {
      if (Node.isSpreadAssignment(property)) return optionsOf(property.getExpression(), depth + 1);
      if (Node.isShorthandPropertyAssignment(property)) return [[property.getName(), property.getNameNode()]];
      const value = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
      return value && Node.isPropertyAssignment(property) ? [[property.getName(), value]] : [];
    });
}

/** `true`, or `dateStrings: ['DATE', …]`. */
function isOn(value: Expression | undefined): boolean {
  if (value === undefined) return false;
  const bare = unwrap(value);
  if (Node.isArrayLiteralExpression(bare)) return bare.getElements().length > 0;
  return Node.isTrueLiteral(bare) || value.getType().getText() === 'true';
}

function textOf(value: Expression): string | undefined {
  const bare = unwrap(value);
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) return bare.getLiteralValue();
  const type = value.getType();
  return type.isStringLiteral() ? literalOf(type) : undefined;
}
