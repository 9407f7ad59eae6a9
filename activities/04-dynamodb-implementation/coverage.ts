import type { Analysis } from '../../core/analysis.ts';
import type { DataAccessLayer } from '../../core/data-access.ts';
import type { GateQuestion } from '../../core/stage.ts';
import type { CompiledMethod } from './compile/index.ts';

/** A method of the interface, with its plan or the reason why there is none. */
export interface CoveredMethod extends CompiledMethod {
  /** Where the application sends the statement: `src/products.ts:17, in ProductRepository.find`. */
  readonly callSites: readonly string[];
  /** Of a method by hand: who wrote it. */
  readonly writtenBy?: 'hand' | 'executor';
  /** Of a refused one: what the executor's attempt came to. */
  readonly executor?: string;
}

/** `stage-04/coverage.json`. */
export interface Coverage {
  readonly schemaVersion: 1;
  readonly found: number;
  readonly compiled: number;
  readonly byHand: number;
  readonly refused: number;
  readonly methods: readonly CoveredMethod[];
}

/** What is known of methods beside what the compiler says, by `aggregate.name`. */
export interface Handwork {
  readonly writtenBy: ReadonlyMap<string, 'hand' | 'executor'>;
  readonly attempts: ReadonlyMap<string, string>;
}

export function coverageOf(
  methods: readonly CompiledMethod[],
  layer: DataAccessLayer,
  analysis: Analysis,
  handwork: Handwork = { writtenBy: new Map(), attempts: new Map() },
): Coverage {
  const count = (status: CompiledMethod['status']): number => methods.filter((each) => each.status === status).length;
  return {
    schemaVersion: 1,
    found: methods.length,
    compiled: count('compiled'),
    byHand: count('by hand'),
    refused: count('refused'),
    methods: methods.map((method) => {
      const name = methodName(method);
      const writtenBy = handwork.writtenBy.get(name);
      const executor = handwork.attempts.get(name);
      return {
        ...method,
        callSites: placesOf(method, layer, analysis),
        ...(method.status === 'by hand' && writtenBy !== undefined ? { writtenBy } : {}),
        ...(method.status === 'refused' && executor !== undefined ? { executor } : {}),
      };
    }),
  };
}

/** `products.topSellers` */
export function methodName({ aggregate, name }: { readonly aggregate: string; readonly name: string }): string {
  return `${aggregate}.${name}`;
}

function placesOf(method: CompiledMethod, layer: DataAccessLayer, { application }: Analysis): string[] {
  const own = layer.methods.find(({ aggregate, name }) => aggregate === method.aggregate && name === method.name);
  return (own?.callSites ?? []).map((id) => {
    const site = application.callSites.find((each) => each.id === id);
    return site === undefined ? id : `${site.span.file}:${site.span.line}, in ${site.within}`;
  });
}

/** A question for each method that throws: it is one thing that the application can't do, and policy does not answer it. */
export function refusalQuestions(coverage: Coverage): GateQuestion[] {
  return coverage.methods
    .filter(({ status }) => status === 'refused')
    .map((method) => ({
      id: `04-dynamodb-implementation/refused/${methodName(method)}`,
      question: `${methodName(method)} can not be compiled and throws when it is called. Go on without it?`,
      evidence: [
        `${method.accessPattern}: ${method.sql.slice(0, 500)}`,
        ...method.callSites.slice(0, 5),
        `why: ${method.reason}`,
        `what would help: ${method.help}`,
        ...(method.executor === undefined ? [] : [`the executor's attempt: ${method.executor}`]),
        'stage-04/coverage.md says the three ways on',
      ],
      personOnly: true,
    }));
}
