import type { Analysis } from '../../../core/analysis.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import type { PlannedMove } from './source.ts';

/** `stage-03/data-access.json`. Call sites are matched with stage 1's by their ids, which both give the same way. */
export function describeLayer(move: PlannedMove, analysis: Analysis, branch: string, commit: string): DataAccessLayer {
  const methods = move.design.methods.map((method): DataAccessMethod => {
    const callSites = method.callSites.map(({ id }) => id);
    return {
      aggregate: method.aggregate,
      name: method.name,
      accessPattern: patternOf(analysis, method.callSites[0]),
      callSites,
      inputs: method.inputs,
      template: method.template,
      kind: method.kind,
      result: method.result,
      ...(method.rowType === undefined ? {} : { rowType: method.rowType }),
    };
  });
  const { folder, suffix, language, modules, strict } = move.layout;
  return {
    schemaVersion: 1,
    branch,
    commit,
    folder,
    importSuffix: suffix,
    language,
    modules,
    ...(strict ? { strict } : {}),
    driver: analysis.application.driver,
    methods,
  };
}

/** The access pattern of a call site; an id that names another place now means that the source has changed since. */
function patternOf(
  analysis: Analysis,
  callSite: { readonly id: string; readonly span: { readonly file: string; readonly line: number } },
): string {
  const known = analysis.application.callSites.find(({ id }) => id === callSite.id);
  const pattern =
    known?.accessPattern ?? analysis.accessPatterns.find((one) => one.callSites.includes(callSite.id))?.id;
  if (known?.span.file === callSite.span.file && known.span.line === callSite.span.line && pattern !== undefined)
    return pattern;
  throw new CutoverError('core.artifact-invalid', {
    where: `stage-01/analysis.json, ${callSite.id}`,
    detail: `The source has this call at ${callSite.span.file}:${callSite.span.line}; the analysis is of another state of it.`,
  });
}
