import { CutoverError } from '../../../core/errors/index.ts';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { MethodDesign } from '../design/design.ts';
import { withInputs } from '../move/statement-text.ts';
import { printFromTemplate, type PrintedStatement } from './from-template.ts';
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
  return `${method.name}(${input === undefined ? '' : `input: ${input}, `}unit?: UnitOfWork): Promise<${answerOf(method)}>;`;
}

/** What a stored procedure gives is the procedure's own. */
function answerOf(method: MethodDesign): string {
  if (method.callSites[0].statement === 'other') return 'unknown';
  return method.kind === 'read' ? `${rowOf(method)}[]` : 'WriteResult';
}

/** How the MySQL side sends its statements. */
export interface Sending {
  /** How the driver answers. */
  readonly style: 'promise' | 'callback';
  /** Whether a helper of the application puts the statement together, so that the call site's source has no text. */
  assembles(callSite: LocatedCallSite): boolean;
  /** What methods begin with alike. */
  readonly starts: readonly SharedStart[];
}

/** The method of the MySQL implementation: the application's own statements, verbatim. */
export function printMysqlMethod(method: MethodDesign<LocatedCallSite>, sending: Sending): string {
  const [source] = method.callSites;
  const { building, sql, values } = sending.assembles(source) ? assembled(method) : verbatim(method, sending.starts);
  const names = method.inputs.map(({ name }) => name).join(', ');
  const parameters = `${names === '' ? '' : `{ ${names} }, `}unit`;
  const given = values === '' ? '' : `, ${values}`;
  if (sending.style === 'callback') {
    return `async ${method.name}(${parameters}) {
    ${building}
    return query(pool, unit, ${sql}${given});
  },`;
  }
  const type = method.kind === 'read' ? `Rows<${rowOf(method)}>` : 'ResultSetHeader';
  const answer = freeName(method.kind === 'read' ? 'rows' : 'result', source);
  return `async ${method.name}(${parameters}) {
    ${building}
    const [${answer}] = await on(pool, unit).${source.api}<${type}>(${sql}${given});
    return ${answer};
  },`;
}

/** The statement as the call site has it. */
function verbatim(method: MethodDesign<LocatedCallSite>, starts: readonly SharedStart[]): PrintedStatement {
  const [source] = method.callSites;
  const start = starts.find(({ methods }) => methods.includes(method));
  const statements = sliceOf(method);
  const slice = start === undefined ? statements : [start.call(method), ...statements.slice(start.statements)];
  const values = source.valuesNode === undefined ? '' : withInputs(source.valuesNode, source);
  return { building: slice.join('\n'), sql: withInputs(source.sqlNode, source), values };
}

function assembled(method: MethodDesign<LocatedCallSite>): PrintedStatement {
  const printed = printFromTemplate(method.template.parts);
  if (printed !== undefined) return printed;
  const [{ span }] = method.callSites;
  throw new CutoverError('dal.unsupported-shape', {
    where: `${span.file}:${span.line}`,
    detail: 'The helper puts a statement together whose parts can not be written out; call the pool directly.',
  });
}

/** A name that neither the inputs nor the slice use. */
function freeName(wish: string, source: LocatedCallSite): string {
  const used = new Set([
    ...source.inputs.map(({ name }) => name),
    ...source.sliceStatements.flatMap((statement) => statement.getText().match(/[A-Za-z_$][\w$]*/g) ?? []),
  ]);
  return used.has(wish) ? `${wish}Given` : wish;
}
