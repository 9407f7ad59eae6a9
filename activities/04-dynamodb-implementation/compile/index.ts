import { storeModel } from '../../../contract/store-model.ts';
import type { MigrationContract } from '../../../contract/types.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import type { StoreModel } from '../../../runtime/store/model.ts';
import type { HandMethod } from '../../generated/by-hand.ts';
import { compileMethod } from './method.ts';
import { aggregateFile, indexFile, modelFile, withoutRepetition } from './files.ts';
import { handWritten } from './hand-written.ts';

/** What became of one method of the interface. */
export interface CompiledMethod {
  readonly aggregate: string;
  readonly name: string;
  readonly accessPattern: string;
  readonly sql: string;
  readonly status: 'compiled' | 'by hand' | 'refused';
  readonly plan: string;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Why it is refused, and what would help; empty otherwise. */
  readonly reason: string;
  readonly help: string;
}

export interface CompiledLayer {
  /** Below `F/dynamodb/`, formatted: `index.ts`, `model.ts`, `<aggregate>.ts`, and `columns.ts` where several give the same; not the copied runtime. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly methods: readonly CompiledMethod[];
}

/** Compiles every method of the interface but those written by hand. Pure and deterministic. */
export async function compileLayer(
  layer: DataAccessLayer,
  contract: MigrationContract,
  byHand: readonly HandMethod[] = [],
): Promise<CompiledLayer> {
  const model: StoreModel = { ...storeModel(contract, ''), database: contract.source_database };
  const aggregates = [...new Set(layer.methods.map(({ aggregate }) => aggregate))];
  const methods: CompiledMethod[] = [];
  const texts: { aggregate: string; content: string }[] = [];
  for (const aggregate of aggregates) {
    const codes: string[] = [];
    for (const method of layer.methods.filter((each) => each.aggregate === aggregate)) {
      const pattern = contract.access_patterns.find(({ id }) => id === method.accessPattern);
      const hand = byHand.find((each) => each.aggregate === aggregate && each.name === method.name);
      const outcome =
        hand === undefined ? await compileMethod(method, model, pattern) : handWritten(method, hand, pattern);
      codes.push(outcome.code);
      methods.push({
        aggregate,
        name: method.name,
        accessPattern: method.accessPattern,
        sql: templateText(method),
        status: hand !== undefined ? 'by hand' : outcome.refusal === undefined ? 'compiled' : 'refused',
        plan: outcome.plan,
        readUnits: pattern?.units.read ?? 0,
        writeUnits: pattern?.units.write ?? 0,
        reason: outcome.refusal?.message ?? '',
        help: outcome.refusal?.help ?? '',
      });
    }
    texts.push({ aggregate, content: await aggregateFile(layer, aggregate, codes, byHand) });
  }
  const files = await withoutRepetition(layer, texts);
  files.push({ path: 'model.ts', content: await modelFile(layer, model) });
  files.push({ path: 'index.ts', content: await indexFile(layer, aggregates) });
  return { files, methods };
}

/** The statement for people: `?` for parameters, what may be absent in brackets. */
export function templateText(method: DataAccessMethod): string {
  const text = (part: SqlPart): string => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'optional':
        return `[${part.parts.map(text).join('')}]`;
      case 'choice':
        return `{${part.alternatives.map(({ parts }) => parts.map(text).join('')).join(' | ')}}`;
      case 'joined':
        return part.items.map(text).join(part.separator);
      default:
        return '?';
    }
  };
  return method.template.parts.map(text).join('').replace(/\s+/g, ' ').trim();
}
