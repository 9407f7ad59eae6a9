import { createRequire } from 'node:module';
import ts from 'typescript';
import type { SourceFile } from 'ts-morph';
import type { LocatedCallSite } from '../located.ts';
import type { Statement } from './render.ts';

/** One driver call of a run, with the values that the analysis calls inputs, taken at the call itself. */
export interface Observed extends Statement {
  readonly site: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The source with each call telling, as one more argument, which site it is and what its inputs are just then. */
function instrumented(file: SourceFile, sites: readonly LocatedCallSite[]): string {
  let source = file.getFullText();
  const here = sites.filter((site) => site.node.getSourceFile() === file);
  for (const site of [...here].reverse()) {
    const inputs = site.inputs.map((each) => `${each.name}: (${each.source})`).join(', ');
    const values = site.valuesNode ? '' : ', []';
    const end = (site.valuesNode ?? site.sqlNode).getEnd();
    source = `${source.slice(0, end)}${values}, { site: '${site.id}', inputs: { ${inputs} } }${source.slice(end)}`;
  }
  return source;
}

type Load = (module: object, exports: object, require: NodeJS.Require) => void;

/** Makes a function that runs `run(pool, ...args)` of a fixture's file, and gives what reached the driver. */
export function replayer(
  file: SourceFile,
  sites: readonly LocatedCallSite[],
): (args: readonly unknown[]) => Promise<Observed[]> {
  const code = ts.transpileModule(instrumented(file, sites), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const load = new Function('module', 'exports', 'require', code) as Load;
  const module = { exports: {} as { run?: (...given: unknown[]) => Promise<unknown> } };
  load(module, module.exports, createRequire(import.meta.url));
  return async (args) => {
    const observed: Observed[] = [];
    const record = (sql: string, values: unknown, seen: Pick<Observed, 'site' | 'inputs'>): Promise<unknown> => {
      observed.push({
        sql,
        values: structuredClone(Array.isArray(values) ? values : [values]),
        ...structuredClone(seen),
      });
      return Promise.resolve([[], []]);
    };
    await module.exports.run?.({ query: record, execute: record }, ...args);
    return observed;
  };
}
