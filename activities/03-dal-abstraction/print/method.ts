import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { MethodDesign } from '../design/design.ts';
import { withInputs } from '../move/statement-text.ts';
import type { SharedInput } from './shared-inputs.ts';
import type { SharedStart } from './shared-start.ts';
import { sliceOf } from './slice.ts';

/** One row as the interface declares it. */
export function rowOf(method: MethodDesign): string {
  return method.rowType ?? 'Record<string, unknown>';
}

/** `{ sku: string; limit: number }`, by what it shares with others; nothing when there is nothing to give. */
function inputType(method: MethodDesign, shared: readonly SharedInput[]): string | undefined {
  if (method.inputs.length === 0) return undefined;
  const common = shared.find(({ methods }) => methods.includes(method.name));
  const known = new Set(common?.members.map(({ name }) => name));
  const own = method.inputs.filter(({ name }) => !known.has(name));
  const parts = [...(common === undefined ? [] : [common.name]), ...(own.length === 0 ? [] : [membersOf(own)])];
  return parts.join(' & ');
}

function membersOf(inputs: MethodDesign['inputs']): string {
  return `{ ${inputs.map(({ name, type }) => `${name}: ${type}`).join('; ')} }`;
}

/** The declaration of an input that several methods share. */
export function printSharedInput({ name, members, methods }: SharedInput): string {
  return `/** What ${methods.join(' and ')} take alike. */\nexport interface ${name} ${membersOf(members)}\n`;
}

/** The method as the aggregate's interface declares it. */
export function printSignature(method: MethodDesign, shared: readonly SharedInput[] = []): string {
  const input = inputType(method, shared);
  const answer = method.kind === 'read' ? `${rowOf(method)}[]` : 'WriteResult';
  return `${method.name}(${input === undefined ? '' : `input: ${input}, `}unit?: UnitOfWork): Promise<${answer}>;`;
}

/** The method of the MySQL implementation: the application's own statements, verbatim. */
export function printMysqlMethod(method: MethodDesign<LocatedCallSite>, starts: readonly SharedStart[] = []): string {
  const [source] = method.callSites;
  const start = starts.find(({ methods }) => methods.includes(method));
  const statements = sliceOf(method);
  const slice = start === undefined ? statements : [start.call(method), ...statements.slice(start.statements)];
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
