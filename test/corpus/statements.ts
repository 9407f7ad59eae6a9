import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { SqlPart } from '../../core/sql-template.ts';

/** One statement of the corpus; `README.md` beside this file says what each field means. */
export interface Statement {
  readonly id: string;
  readonly sql: string;
  /** Parameters by name, one set a run; absent for one run without. */
  readonly with?: readonly Readonly<Record<string, unknown>>[];
  /** Columns of the answer that ORDER BY determines, where it leaves ties. */
  readonly ties?: readonly string[];
  /** Says that it may find nothing, or change nothing, in all of its runs. */
  readonly empty?: boolean;
  /** The plan that the compiler must give, or … */
  readonly plan?: string;
  /** … the reason for which it must refuse. */
  readonly refused?: string;
}

/** A schema with its rows and statements: one folder. */
export interface Schema {
  readonly name: string;
  readonly ddl: readonly string[];
  readonly statements: readonly Statement[];
}

const FOLDER = import.meta.dirname;

/** Every folder here that has a `schema.sql`. */
export function schemas(): Schema[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({
      name,
      ddl: readFileSync(join(FOLDER, name, 'schema.sql'), 'utf8').split(/;\s*$/m).filter((text) => text.trim() !== ''), // prettier-ignore
      statements: statementFiles(name).flatMap((file) => statementsOf(file)),
    }));
}

function statementFiles(schema: string): string[] {
  const files = readdirSync(join(FOLDER, schema)).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => join(FOLDER, schema, file));
}

function statementsOf(file: string): Statement[] {
  const document = parseDocument(readFileSync(file, 'utf8'));
  if (document.errors.length > 0) throw new Error(`${basename(file)}: ${document.errors[0]?.message ?? ''}`);
  return document.toJS() as Statement[];
}

/** Writes what the compiler said into the files, comments and order kept. */
export function rewritePlans(schema: string, outcomes: ReadonlyMap<string, { plan?: string; refused?: string }>): void {
  for (const file of statementFiles(schema)) {
    const document = parseDocument(readFileSync(file, 'utf8'));
    for (const node of isSeq(document.contents) ? document.contents.items : []) {
      const outcome = isMap(node) ? outcomes.get(String(node.get('id'))) : undefined;
      if (!isMap(node) || outcome === undefined) continue;
      for (const name of ['plan', 'refused'] as const) {
        if (outcome[name] === undefined) node.delete(name);
        else (node as YAMLMap).set(name, outcome[name]);
      }
    }
    writeFileSync(file, document.toString({ lineWidth: 0 }));
  }
}

/** A statement's text as stage 1 would have rebuilt it: `?a`, `?list...`, `?rows[]`, `[?a| AND b = ?a]`. */
export function partsOf(sql: string): SqlPart[] {
  return [...sql.matchAll(/\[\?(\w+)\|([^\]]*)\]|\?(\w+)(\.\.\.|\[\])?|([^?[]+|\[)/g)].map(
    ([, condition, inner, name, kind, text]): SqlPart => {
      if (condition !== undefined) {
        return { kind: 'optional', condition: `${condition} !== undefined`, parts: partsOf(inner ?? '') };
      }
      if (name === undefined) return { kind: 'text', text: text ?? '' };
      if (kind === '...') return { kind: 'list', expression: name };
      return { kind: kind === '[]' ? 'rows' : 'parameter', expression: name };
    },
  );
}

/** Names of the parameters, in the order in which they come. */
export function inputsOf(sql: string): string[] {
  return [...new Set([...sql.matchAll(/\?(\w+)/g)].map(([, name]) => name ?? ''))];
}

/** The text and values that the driver gets. */
export function boundSql(sql: string, values: Readonly<Record<string, unknown>>): { text: string; values: unknown[] } {
  const bound: unknown[] = [];
  const text = (parts: readonly SqlPart[]): string =>
    parts
      .map((part) => {
        if (part.kind === 'text') return part.text;
        if (part.kind === 'optional') {
          return values[part.condition.split(' ')[0] ?? ''] === undefined ? '' : text(part.parts);
        }
        if (!('expression' in part)) throw new RangeError(`The corpus knows no part of kind ${part.kind}.`);
        bound.push(values[part.expression]);
        return '?';
      })
      .join('');
  return { text: text(partsOf(sql)), values: bound };
}
