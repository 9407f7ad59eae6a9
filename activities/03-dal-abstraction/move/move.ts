import type { Node, SourceFile } from 'ts-morph';
import type { TableFacts } from '../../../core/analysis.ts';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import { designLayer, type LayerDesign, type MethodDesign } from '../design/design.ts';
import type { NamedImport } from '../print/imports.ts';
import { printInterface, printMethods, printMysql, printTypes, type AggregateImports } from '../print/layer.ts';
import { printCallbackIndex, printCallbackUnitOfWork } from '../print/callback-stores.ts';
import { printToCallback } from '../print/to-callback.ts';
import { printFactory, printMysqlIndex, printUnitOfWork } from '../print/stores.ts';
import { EditList, STEP, type FileChanges } from './edits.ts';
import { findHandles, refuse, type Handles } from './handles.ts';
import { pathOf, type Layout } from './layout.ts';
import type { HelperPlan } from './helper-plan.ts';
import { movedConstants, withNeeded } from './moved-constants.ts';
import {
  keepTheRest,
  locatePoolModule,
  printDalModule,
  printPool,
  poolModule,
  type PoolModule,
} from './pool-module.ts';
import { isCommonJs } from './requires.ts';
import { rewriteCalls } from './rewrite-calls.ts';
import { rewriteHandles } from './rewrite-handles.ts';
import { planHelpers, rewriteHelpers } from './rewrite-helpers.ts';
import { rewriteImports } from './rewrite-imports.ts';
import { removeExports, rewriteRequires } from './rewrite-requires.ts';
import { exportPosition, resolveName, resolveTypes, type UsedType } from './types-used.ts';

/** The refactoring as a whole: what is designed, and what each step does to the files. */
export interface Move {
  readonly design: LayerDesign<LocatedCallSite>;
  readonly changes: FileChanges;
}

/** Plans everything from the source at the baseline. Pure: the project is read, nothing is written. */
export function planMove(
  layout: Layout,
  files: readonly SourceFile[],
  found: readonly LocatedCallSite[],
  tables: readonly TableFacts[],
): Move {
  const handles = findHandles(layout, files, found);
  const moving = poolModule(handles).statements;
  const callSites = found.filter(({ node }) => !moving.some((statement) => isWithin(node, statement)));
  const design = designLayer(callSites, tables);
  const helpers = planHelpers(layout, handles, files, design);
  const edits = new EditList();
  const module = locatePoolModule(layout, handles);
  const sources: Sources = { handles, module, files, design, helpers };
  const created = [...printLayer(layout, sources, edits), ...moveSource(layout, sources, edits)];
  const deleted = module.isWhole ? [{ path: module.path, step: STEP.factory }] : [];
  return { design, changes: { edits: edits.all(), created, deleted } };
}

type Created = FileChanges['created'][number];

/** What is known of the application's source before anything is changed. */
interface Sources {
  readonly handles: Handles;
  readonly module: PoolModule;
  readonly files: readonly SourceFile[];
  readonly design: LayerDesign<LocatedCallSite>;
  readonly helpers: ReadonlyMap<Node, HelperPlan>;
}

/** The new files of steps 3 to 5; what they import from the application becomes exported. */
function printLayer(layout: Layout, { handles, design, helpers }: Sources, edits: EditList): Created[] {
  const { style, driver } = handles.root;
  const isAssembled = ({ helper }: LocatedCallSite): boolean =>
    helper !== undefined && helpers.get(helper.declaration)?.assembles === true;
  const created: Created[] = [];
  const put = (path: string, text: string, step: number): void =>
    void created.push({ path: `${layout.folder}/${path}`, text, step });
  for (const aggregate of design.aggregates) {
    const own = design.methods.filter((method) => method.aggregate === aggregate.name);
    const imports = importsOf(layout, own, isAssembled, edits);
    put(`${aggregate.name}.ts`, printInterface(layout, aggregate, own, imports), STEP.interfaces);
    put(
      `mysql/${aggregate.name}.ts`,
      printMysql(layout, aggregate.name, own, imports, { style, assembles: isAssembled }, driver),
      STEP.mysql,
    );
  }
  put('types.ts', printTypes(layout, design), STEP.interfaces);
  put('methods.ts', printMethods(design), STEP.interfaces);
  if (style === 'callback') {
    put('mysql/unit-of-work.ts', printCallbackUnitOfWork(layout, driver), STEP.mysql);
    put('mysql/index.ts', printCallbackIndex(layout, design, driver), STEP.mysql);
    put('to-callback.ts', printToCallback(), STEP.callSites);
  } else {
    put('mysql/unit-of-work.ts', printUnitOfWork(layout), STEP.mysql);
    put('mysql/index.ts', printMysqlIndex(layout, design), STEP.mysql);
  }
  put('index.ts', printFactory(layout), STEP.factory);
  return created;
}

function importsOf(
  layout: Layout,
  methods: readonly MethodDesign<LocatedCallSite>[],
  isAssembled: (callSite: LocatedCallSite) => boolean,
  edits: EditList,
): AggregateImports {
  const export_ = (used: UsedType, step: number): NamedImport => {
    if (!used.isExported && 'file' in used.from) {
      const start = exportPosition(used.declaration);
      edits.add(used.from.file, { start, end: start, text: 'export ', step });
    }
    return { name: used.name, from: used.from };
  };
  const rows: NamedImport[] = [];
  const inputs: NamedImport[] = [];
  const values: NamedImport[] = [];
  for (const method of methods) {
    const [callSite] = method.callSites;
    const { node } = callSite;
    // What a helper puts together is written out, with nothing of the call site's own.
    const references = isAssembled(callSite) ? [] : callSite.references;
    const file = node.getSourceFile();
    if (method.kind === 'read' && method.rowType !== undefined) {
      for (const used of resolveTypes(layout, file, method.rowType)) rows.push(export_(used, STEP.interfaces));
    }
    for (const input of method.inputs) {
      for (const used of resolveTypes(layout, file, input.type)) inputs.push(export_(used, STEP.interfaces));
    }
    for (const { name, declaration } of references) {
      if (withNeeded(declaration) !== undefined) continue;
      const used = resolveName(layout, file, name);
      if (used === undefined) throw refuse(layout, node, `${name}, which the statement uses, can't be imported.`);
      values.push(export_(used, STEP.mysql));
    }
  }
  refuseClashes(layout, rows, methods);
  const constants = movedConstants(layout, methods).map(({ text }) => text);
  return { rows, inputs: inputs.filter((one) => !rows.some((row) => row.name === one.name)), values, constants };
}

/** Two row types of one name in one aggregate would need an alias. */
function refuseClashes(
  layout: Layout,
  rows: readonly NamedImport[],
  methods: readonly MethodDesign<LocatedCallSite>[],
): void {
  for (const row of rows) {
    const other = rows.find((one) => one.name === row.name && JSON.stringify(one.from) !== JSON.stringify(row.from));
    const method = methods.find((one) => one.rowType === row.name);
    if (other === undefined || method === undefined) continue;
    const detail = `Two row types named ${row.name} belong to ${method.aggregate}; give one of them another name.`;
    throw refuse(layout, method.callSites[0].node, detail);
  }
}

/** Steps 5 to 7: what happens to the files that are there. */
function moveSource(layout: Layout, { handles, module, files, design, helpers }: Sources, edits: EditList): Created[] {
  const isShared = isCommonJs(handles.root.file);
  if (!module.isWhole) keepTheRest(layout, handles, module, edits);
  const needed = rewriteCalls(layout, handles, design, helpers, edits);
  const gone = rewriteHelpers(layout, handles, helpers, edits);
  const callSites = design.methods.flatMap((method) => method.callSites);
  const moved = new Set<Node>([...callSites, ...design.pings].map(({ node }) => node));
  for (const { inner } of helpers.values()) if (inner.helper === undefined) moved.add(inner.node);
  const constants = new Set(
    callSites
      .flatMap(({ references }) => references.flatMap((one) => withNeeded(one.declaration) ?? []))
      .map((one) => one.declaration),
  );
  for (const file of files) {
    if (file === handles.root.file && !isShared) continue;
    const isDone = (node: Node): boolean => moved.has(node) || module.statements.some((one) => node === one);
    const needs = rewriteHandles(layout, handles, file, isDone, edits);
    const path = pathOf(layout, file);
    if (isCommonJs(file)) {
      const names = gone.filter((one) => one.file === file).map(({ name }) => name);
      if (file === handles.root.file) names.push(handles.root.name);
      removeExports(layout, handles, file, new Set(names), edits);
      rewriteRequires(layout, handles, module, file, constants, edits);
      continue;
    }
    const isCallback =
      needs.callbacks.length > 0 || needed.some((one) => one.path === path && one.name === 'toCallback');
    if (isCallback)
      throw refuse(layout, file, 'The driver’s callbacks are used in a module with imports; only `require` is known.');
    const dal = needed.filter((one) => one.path === path && one.name === 'dal').map(({ step }) => step);
    rewriteImports(layout, handles, module, file, needs, dal, edits);
  }
  return [
    { path: `${layout.folder}/mysql/pool.ts`, text: printPool(layout, handles, module), step: STEP.mysql },
    { path: module.dalPath, text: printDalModule(layout, handles, module, STEP.factory), step: STEP.factory },
    { path: module.dalPath, text: printDalModule(layout, handles, module, STEP.transactions), step: STEP.transactions },
  ];
}

function isWithin(node: Node, statement: Node): boolean {
  return (
    node.getSourceFile() === statement.getSourceFile() &&
    statement.getStart() <= node.getStart() &&
    node.getEnd() <= statement.getEnd()
  );
}
