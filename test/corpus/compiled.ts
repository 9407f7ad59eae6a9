import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledMethod, compileLayer } from '../../activities/04-dynamodb-implementation/compile/index.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { CallSite, DataAccessLayer } from '../../core/data-access.ts';
import type { Store } from '../../runtime/store/index.ts';
import { inputsOf, partsOf, type Schema } from './statements.ts';

/** How the corpus's driver is set: nothing loses precision. */
export const DRIVER = { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' } as const;

/** A compiled method: what it says of itself, and how to run it. */
export interface Runnable {
  readonly method: CompiledMethod;
  run(store: Store, values: Readonly<Record<string, unknown>>, unit?: unknown): Promise<unknown>;
}

/** The statements as call sites of an application: what stage 1 would have found. */
export function callSites(schema: Schema): CallSite[] {
  return schema.statements.map((statement, at): CallSite => {
    const verb = /^\s*\(*\s*(select|insert|update|delete|replace)/i.exec(statement.sql)?.[1]?.toLowerCase();
    return {
      id: `CS-${String(at + 1).padStart(4, '0')}`,
      span: { file: `${schema.name}.ts`, line: at + 1, column: 1, start: at, end: at },
      within: statement.id,
      ...{ api: 'query', style: 'promise', receiver: 'pool' },
      template: { parts: partsOf(statement.sql) },
      inputs: [],
      statement: (verb ?? (/^\s*with\b/i.test(statement.sql) ? 'select' : 'other')) as CallSite['statement'],
      result: 'rows',
    };
  });
}

/** Compiles all statements of a schema by the contract, and loads what came out. */
export async function compileSchema(
  schema: Schema,
  contract: MigrationContract,
  patterns: ReadonlyMap<string, string>,
): Promise<Map<string, Runnable>> {
  const layer: DataAccessLayer = {
    ...{ schemaVersion: 1, branch: 'b', commit: 'c', folder: 'src/dal', importSuffix: '.ts', driver: DRIVER },
    methods: schema.statements.map((statement, at) => ({
      aggregate: schema.name,
      name: `statement${at + 1}`,
      accessPattern: patterns.get(statement.id) ?? 'AP-999',
      callSites: [],
      inputs: inputsOf(statement.sql).map((name) => ({ name, source: name, type: 'unknown' })),
      template: { parts: partsOf(statement.sql) },
      kind: /^[\s(]*(select|with)\b/i.test(statement.sql) ? 'read' : 'write',
      result: 'rows',
    })),
  };
  const compiled = await compileLayer(layer, contract);
  const create = await load(schema.name, compiled.files);
  return new Map(
    schema.statements.map((statement, at) => {
      const method = compiled.methods[at];
      if (method === undefined) throw new RangeError(`No method came of ${statement.id}.`);
      const takesInput = inputsOf(statement.sql).length > 0;
      const run: Runnable['run'] = (store, values, unit) => {
        const call = create(store)[method.name];
        if (call === undefined) throw new RangeError(`The compiled file has no ${method.name}.`);
        return takesInput ? call(values, unit) : call(unit);
      };
      return [statement.id, { method, run }] as const;
    }),
  );
}

type Methods = Readonly<Record<string, (...parameters: unknown[]) => Promise<unknown>>>;

/** Imports the compiled files as they are, but for the place of the store that stands beside them in an application. */
async function load(
  name: string,
  files: readonly { readonly path: string; readonly content: string }[],
): Promise<(store: Store) => Methods> {
  const folder = join(import.meta.dirname, '.generated', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const { path, content } of files) {
    writeFileSync(join(folder, path), content.replaceAll("'./store/", "'../../../../runtime/store/"));
  }
  try {
    const module = (await import(join(folder, `${name}.ts`))) as Readonly<Record<string, (store: Store) => Methods>>;
    const [create] = Object.values(module);
    if (create === undefined) throw new RangeError('The compiled file exports nothing.');
    return create;
  } finally {
    if (process.env['CUTOVER_CORPUS_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
