import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { MethodDesign } from '../design/design.ts';
import { startWithComments, withInputs } from '../move/statement-text.ts';

/** One row as the interface declares it. */
export function rowOf(method: MethodDesign): string {
  return method.rowType ?? 'Record<string, unknown>';
}

/** `{ sku: string; limit: number }`, or nothing when there is nothing to give. */
function inputType(method: MethodDesign): string | undefined {
  if (method.inputs.length === 0) return undefined;
  return `{ ${method.inputs.map(({ name, type }) => `${name}: ${type}`).join('; ')} }`;
}

/** The method as the aggregate's interface declares it. */
export function printSignature(method: MethodDesign): string {
  const input = inputType(method);
  const answer = method.kind === 'read' ? `${rowOf(method)}[]` : 'WriteResult';
  return `${method.name}(${input === undefined ? '' : `input: ${input}, `}unit?: UnitOfWork): Promise<${answer}>;`;
}

/** The method of the MySQL implementation: the application's own statements, verbatim. */
export function printMysqlMethod(method: MethodDesign<LocatedCallSite>): string {
  const [source] = method.callSites;
  const slice = source.sliceStatements.map((statement) => {
    const comments = statement.getSourceFile().getFullText().slice(startWithComments(statement), statement.getStart());
    return comments + withInputs(statement, source);
  });
  const values = source.valuesNode === undefined ? '' : `, ${withInputs(source.valuesNode, source)}`;
  const names = method.inputs.map(({ name }) => name).join(', ');
  const type = method.kind === 'read' ? `Rows<${rowOf(method)}>` : 'ResultSetHeader';
  const answer = freeName(method.kind === 'read' ? 'rows' : 'result', source);
  return `async ${method.name}(${names === '' ? '' : `{ ${names} }, `}unit) {
    ${slice.join('\n')}
    const [${answer}] = await on(pool, unit).${source.api}<${type}>(${withInputs(source.sqlNode, source)}${values});
    return ${answer};
  },`;
}

/** A name that neither the inputs nor the slice use. */
function freeName(wish: string, source: LocatedCallSite): string {
  const used = new Set([
    ...source.inputs.map(({ name }) => name),
    ...source.sliceStatements.flatMap((statement) => statement.getText().match(/[A-Za-z_$][\w$]*/g) ?? []),
  ]);
  return used.has(wish) ? `${wish}Given` : wish;
}
