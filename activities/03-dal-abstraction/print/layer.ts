import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { LayerDesign, MethodDesign } from '../design/design.ts';
import { pascal } from '../design/words.ts';
import { specifier, type Layout } from '../move/layout.ts';
import { importsFor, type NamedImport } from './imports.ts';
import { printMysqlMethod, printSharedInput, printSignature, type Sending } from './method.ts';
import { sharedInputs } from './shared-inputs.ts';
import { sharedStarts } from './shared-start.ts';

/** Names of types and values that the files of one aggregate take from the application. */
export interface AggregateImports {
  /** For the interface: row types are passed on to whoever imports the interface. */
  readonly rows: readonly NamedImport[];
  readonly inputs: readonly NamedImport[];
  /** For the MySQL implementation: functions and constants that the moved statements use. */
  readonly values: readonly NamedImport[];
  /** Constants that moved with the statements, as statements of their own. */
  readonly constants: readonly string[];
}

/** `F/<aggregate>.ts`. */
export function printInterface(
  layout: Layout,
  aggregate: LayerDesign['aggregates'][number],
  methods: readonly MethodDesign[],
  imports: AggregateImports,
): string {
  const file = `${layout.folder}/${aggregate.name}.ts`;
  const types = ['UnitOfWork', ...(methods.some((method) => method.kind === 'write') ? ['WriteResult'] : [])];
  const own: NamedImport[] = types.map((name) => ({ name, from: { file: `${layout.folder}/types.ts` } }));
  const rows = [...new Set(imports.rows.map((row) => row.as ?? row.name))].sort();
  const taken = new Set([...imports.rows, ...imports.inputs, ...own].map(({ name, as }) => as ?? name));
  const shared = sharedInputs(methods, taken.add(pascal(aggregate.name)));
  return `${importsFor(layout, file, [...imports.rows, ...imports.inputs, ...own], 'type')}
${rows.length === 0 ? '' : `\nexport type { ${rows.join(', ')} };\n`}
${shared.map(printSharedInput).join('\n')}
/** Data of ${listed(aggregate.tables)}. */
export interface ${pascal(aggregate.name)} {
  ${methods.map((method) => printSignature(method, shared)).join('\n')}
}
`;
}

/** `F/mysql/<aggregate>.ts`. */
export function printMysql(
  layout: Layout,
  aggregate: string,
  methods: readonly MethodDesign<LocatedCallSite>[],
  imports: AggregateImports,
  sending: Omit<Sending, 'starts'>,
  driverModule: string,
): string {
  const file = `${layout.folder}/mysql/${aggregate}.ts`;
  // Names alone: a row type may be written out at the call (`{ id: string }`), or be made of others.
  const rows = [...new Set(imports.rows.map((row) => row.as ?? row.name))];
  const reads = methods.some((method) => method.kind === 'read');
  const isCallback = sending.style === 'callback';
  const writes = !isCallback && methods.some((method) => method.kind === 'write');
  const driver = ['Pool', ...(writes ? ['ResultSetHeader'] : [])];
  const sender = isCallback ? 'query' : `on${reads ? ', type Rows' : ''}`;
  const interfaceFile = { file: `${layout.folder}/${aggregate}.ts` };
  const types = [pascal(aggregate), ...rows].map((name) => ({ name, from: interfaceFile }));
  const written = methods.filter((method) => !sending.assembles(method.callSites[0]));
  const starts = sharedStarts(written, pascal(aggregate));
  return `${importsFor(
    layout,
    file,
    driver.map((name) => ({ name, from: { package: driverModule } })),
    'type',
  )}
${importsFor(layout, file, imports.values, 'value')}
${importsFor(layout, file, types, 'type')}
import { ${sender} } from '${specifier(layout, file, `${layout.folder}/mysql/unit-of-work.ts`)}';

${[...imports.constants, ...starts.map(({ code }) => code)].map((code) => `${code}\n`).join('\n')}
export function mysql${pascal(aggregate)}(pool: Pool): ${pascal(aggregate)} {
  return {
    ${methods.map((method) => printMysqlMethod(method, { ...sending, starts })).join('\n\n')}
  };
}
`;
}

/** `F/types.ts`. */
export function printTypes(layout: Layout, design: LayerDesign): string {
  const file = `${layout.folder}/types.ts`;
  const interfaces = design.aggregates.map(({ name }) => ({
    name: pascal(name),
    from: { file: `${layout.folder}/${name}.ts` },
  }));
  return `${importsFor(layout, file, interfaces, 'type')}

/** One transaction, for the methods that are given it. Always released, whatever happened. */
export interface UnitOfWork {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  release(): void;
}

/** What a write says of itself, as MySQL counts. */
export interface WriteResult {
  readonly insertId: number;
  readonly affectedRows: number;
  readonly changedRows: number;
}

/** All data of the application, by aggregate. */
export interface Dal {
  ${design.aggregates.map(({ name }) => `readonly ${name}: ${pascal(name)};`).join('\n')}
  /** A unit of work that has not begun yet. */
  begin(): Promise<UnitOfWork>;
  /** Fails when the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
`;
}

/** `F/methods.ts`. */
export function printMethods(design: LayerDesign): string {
  const members = design.aggregates.map(({ name }) => {
    const methods = design.methods.filter((method) => method.aggregate === name);
    return `${name}: { ${methods.map((method) => `${method.name}: '${method.kind}'`).join(', ')} },`;
  });
  return `/** Every method of the data access layer, and whether it reads or writes. */
export const METHODS = {
  ${members.join('\n')}
} as const;
`;
}

function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? 'the database';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
