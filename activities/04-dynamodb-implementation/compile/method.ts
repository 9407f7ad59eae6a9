import type { PatternService } from '../../../contract/types.ts';
import type { DataAccessMethod } from '../../../core/data-access.ts';
import type { StoreModel } from '../../../runtime/store/model.ts';
import { emitSelect } from './emit-select.ts';
import { emitWrite } from './emit-write.ts';
import { templateText } from './index.ts';
import { parseTemplate } from './parse.ts';
import type { Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import type { Query, Statement } from './statement.ts';

/** Names that generated methods use for themselves, and words that can't be variables. */
const TAKEN = [
  ...[
    'store',
    'sql',
    'unit',
    'read',
    'writer',
    'row',
    'rows',
    'key',
    'each',
    'frame',
    'undefined',
    'Buffer',
    'Promise',
    'arguments',
  ],
  ...[
    'as',
    'async',
    'await',
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'default',
    'delete',
    'do',
    'else',
    'enum',
  ],
  ...[
    'eval',
    'export',
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'import',
    'in',
    'instanceof',
    'let',
    'new',
  ],
  ...[
    'null',
    'return',
    'static',
    'super',
    'switch',
    'this',
    'throw',
    'true',
    'try',
    'typeof',
    'var',
    'void',
    'while',
    'yield',
  ],
];
const RESERVED = new Set(['store', 'sql', 'unit', 'read', 'writer']);

export interface MethodCode {
  /** Property of the aggregate's object, with its comment. */
  readonly code: string;
  readonly plan: string;
  readonly refusal: Refusal | undefined;
}

/** Compiles one method; one that can't be compiled becomes a method that says so. */
export async function compileMethod(
  method: DataAccessMethod,
  model: StoreModel,
  pattern: PatternService | undefined,
): Promise<MethodCode> {
  const inputs = method.inputs.map(({ name }) => name);
  const parameters = inputs.length === 0 ? '' : `{ ${inputs.join(', ')} }, `;
  const plan: string[] = [];
  try {
    const clash = inputs.find((name) => RESERVED.has(name));
    if (clash !== undefined)
      throw new Refusal(`An input is called ${clash}, as the code's own variables.`, 'Rename it.');
    const { statement, marked } = parseTemplate(method.template);
    const writing: Writing = {
      model,
      marked,
      pattern,
      reader: isQuery(statement) ? 'read' : 'writer',
      fresh: names([...inputs, ...TAKEN.filter((name) => name !== 'row' && name !== 'rows')]),
      plan,
      common: new Map(),
    };
    const lines = isQuery(statement) ? await emitSelect(writing, statement) : await emitWrite(writing, statement);
    const units = lines.some((line) => /\bunit\b/.test(line)) ? 'unit' : '';
    const head = `${parameters}${units}`.replace(/, $/, '');
    const text = plan.join('; then ');
    const body = lines.join('\n');
    return {
      code: `${comment(method, text, pattern)}\nasync ${method.name}(${head}) {\n${body}\n},`,
      plan: text,
      refusal: undefined,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const message = `${method.aggregate}.${method.name} is not implemented on DynamoDB: ${error.message}`;
    const code = `${comment(method, `none: ${error.message}`, pattern)}\n${method.name}: () => Promise.reject(sql.notCompiled(${JSON.stringify(message)})),`;
    return { code, plan: '', refusal: error };
  }
}

function isQuery(statement: Statement): statement is Query {
  return statement.kind === 'select' || statement.kind === 'union';
}

/** What stands above a method: the statement, and how it is carried out. */
export function comment(method: DataAccessMethod, plan: string, pattern: PatternService | undefined): string {
  const units = pattern === undefined ? '' : `; ${pattern.units.read} RCU, ${pattern.units.write} WCU`;
  const clean = (text: string): string => text.replaceAll('*/', '* /');
  return [
    '/**',
    ...wrap(clean(`${method.accessPattern}: ${templateText(method)}`)),
    ...wrap(clean(`Plan: ${plan}${units}.`)),
    ' */',
  ].join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length > 108) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => ` * ${each}`);
}

/** Gives each wish a name of its own, the wish itself if it is free. */
function names(taken: readonly string[]): (wish: string) => string {
  const used = new Set(taken);
  return (wish) => {
    const base = /^[A-Za-z_$][\w$]*$/.test(wish) ? wish : `t${wish.replace(/\W/g, '')}`;
    let name = base;
    for (let count = 2; used.has(name); count += 1) name = `${base}${count}`;
    used.add(name);
    return name;
  };
}
