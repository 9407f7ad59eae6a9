import { Node, type ImportDeclaration, type SourceFile } from 'ts-morph';
import { isDriverModule } from '../../01-mysql-analysis/application/driver.ts';
import { STEP, type EditList } from './edits.ts';
import { refuse, type Handles } from './handles.ts';
import { pathOf, specifier, type Layout } from './layout.ts';
import type { PoolModule } from './pool-module.ts';
import type { Needs } from './rewrite-handles.ts';

/**
 * Puts one file's imports in order at each step: the pool's import becomes that of the DAL as its uses are switched, the
 * driver's types become those of the DAL, all in the place where the old import stood.
 */
export function rewriteImports(
  layout: Layout,
  handles: Handles,
  module: PoolModule,
  file: SourceFile,
  needs: Needs,
  dalNeeded: readonly number[],
  edits: EditList,
): void {
  const path = pathOf(layout, file);
  const poolImport = importOfPool(file, handles, module);
  const driverImports = file.getImportDeclarations().filter((one) => isDriverModule(one.getModuleSpecifierValue()));
  for (const one of driverImports) requireTypesOnly(layout, one);
  const toDal = [...needs.switched.filter((step) => step > 0), ...dalNeeded];
  const uses = [...needs.switched.map(Math.abs)];
  const own = handles.stepOf(file);
  for (const step of [STEP.factory, STEP.callSites, STEP.transactions]) {
    const wanted = [
      ...(toDal.some((at) => at <= step) ? [layout.variable] : []),
      ...(uses.some((at) => at > step) && poolImport !== undefined ? [handles.root.name] : []),
    ];
    const dalImport =
      importText(wanted, specifier(layout, path, module.dalPath)) + restOf(poolImport, handles.root.name);
    const types = [...needs.types]
      .filter(([, at]) => at <= step)
      .map(([name]) => name)
      .sort();
    const typeImport =
      types.length === 0
        ? ''
        : `import type { ${types.join(', ')} } from '${specifier(layout, path, `${layout.folder}/types.ts`)}';\n`;
    if (poolImport !== undefined) put(poolImport, dalImport, step);
    const [driver, ...more] = driverImports;
    if (step >= own) {
      const missing = poolImport === undefined ? dalImport : '';
      if (driver !== undefined) put(driver, typeImport + missing, step);
      else if (typeImport + missing !== '') {
        const first = file.getStatements()[0]?.getStart() ?? 0;
        edits.add(path, { start: first, end: first, text: typeImport + missing, step });
      }
      for (const other of more) put(other, '', step);
    }
  }

  function put(declaration: ImportDeclaration, text: string, step: number): void {
    const end = declaration.getEnd();
    const newline = file.getFullText()[end] === '\n' ? 1 : 0;
    edits.add(path, { start: declaration.getStart(), end: end + newline, text, step });
  }
}

/** The import of the pool; of a module that goes, any import. */
function importOfPool(file: SourceFile, handles: Handles, module: PoolModule): ImportDeclaration | undefined {
  const imports = file
    .getImportDeclarations()
    .filter((one) => one.getModuleSpecifierSourceFile() === handles.root.file);
  const ofPool = imports.find((one) => one.getNamedImports().some((name) => name.getName() === handles.root.name));
  return ofPool ?? (module.isWhole ? imports[0] : undefined);
}

function importText(names: readonly string[], from: string): string {
  return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${from}';\n`;
}

/** Other names that were imported with the pool: the module that has them stays. */
function restOf(old: ImportDeclaration | undefined, pool: string): string {
  const others = (old?.getNamedImports() ?? []).filter((one) => one.getName() !== pool).map((one) => one.getText());
  return old === undefined ? '' : importText(others, old.getModuleSpecifierValue());
}

const KNOWN_TYPES = new Set([
  'Pool',
  'PoolConnection',
  'Connection',
  'ResultSetHeader',
  'OkPacket',
  'RowDataPacket',
  'FieldPacket',
]);

/** Whatever else the application takes from the driver would keep the driver in its code. */
function requireTypesOnly(layout: Layout, declaration: ImportDeclaration): void {
  for (const name of declaration.getNamedImports()) {
    if (KNOWN_TYPES.has(name.getName()) && name.getAliasNode() === undefined) continue;
    throw refuse(
      layout,
      name,
      `It uses ${name.getName()} of the driver, which has no counterpart in the data access layer.`,
    );
  }
  const whole = declaration.getNamespaceImport() ?? declaration.getDefaultImport();
  if (whole !== undefined && Node.isIdentifier(whole)) {
    throw refuse(layout, declaration, 'It imports the whole driver; import the names that are used.');
  }
}
