import { format } from 'prettier';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { StoreModel } from '../../../runtime/store/model.ts';
import type { HandMethod } from '../../generated/by-hand.ts';
import { handImport } from './hand-written.ts';

async function formatted(text: string): Promise<string> {
  return format(text, { parser: 'typescript', printWidth: 120, singleQuote: true });
}

/** `products` → `Products`, the name of its interface. */
function typeName(aggregate: string): string {
  return aggregate.charAt(0).toUpperCase() + aggregate.slice(1);
}

/** The file of one aggregate: an object with a method each. */
export async function aggregateFile(
  layer: DataAccessLayer,
  aggregate: string,
  codes: readonly string[],
  byHand: readonly HandMethod[] = [],
): Promise<string> {
  const type = typeName(aggregate);
  const body = codes.join('\n\n');
  const imports = [
    `import type { ${type} } from '../${aggregate}${layer.importSuffix}';`,
    ...byHand.filter((hand) => hand.aggregate === aggregate).map((hand) => handImport(layer, hand)),
    /\bsql\./.test(body) ? `import * as sql from './store/index${layer.importSuffix}';` : '',
    usesStore(body) ? `import type { Store } from './store/index${layer.importSuffix}';` : '',
  ].filter((line) => line !== '');
  const parameter = usesStore(body) ? 'store: Store' : '';
  return formatted(
    `${imports.join('\n')}\n\nexport function dynamo${type}(${parameter}): ${type} {\n  return {\n${body}\n  };\n}\n`,
  );
}

function usesStore(body: string): boolean {
  return /\bstore\.|\(store\)/.test(body);
}

/** The store's tables and items, as data; table names get the prefix when the application starts. */
export async function modelFile(layer: DataAccessLayer, model: StoreModel): Promise<string> {
  const tables = Object.entries(model.tables).map(
    ([name, table]) =>
      `${JSON.stringify(name)}: { ...${JSON.stringify({ pk: table.pk, sk: table.sk, indexes: table.indexes })}, name: \`\${prefix}${table.name}\` }`,
  );
  const { entities, supportTable, database } = model;
  const rest = JSON.stringify({ entities, supportTable, ...(database === undefined ? {} : { database }) }).slice(1, -1);
  const text = `import type { StoreModel } from './store/index${layer.importSuffix}';

/** The tables and items of the application, with their names under a prefix. */
export function storeModel(prefix: string): StoreModel {
  return { tables: { ${tables.join(', ').replaceAll(/\{ \.\.\.\{(.*?)\}, name:/g, '{ $1, name:')} }, ${rest} };
}
`;
  return formatted(text);
}

/** The factory of the implementation. */
export async function indexFile(layer: DataAccessLayer, aggregates: readonly string[]): Promise<string> {
  const suffix = layer.importSuffix;
  return formatted(`import type { Dal } from '../types${suffix}';
${aggregates.map((aggregate) => `import { dynamo${typeName(aggregate)} } from './${aggregate}${suffix}';`).join('\n')}
import { storeModel } from './model${suffix}';
import { Store } from './store/index${suffix}';

/** How the application's driver gives values to it. */
const DRIVER = ${JSON.stringify(layer.driver)} as const;

/** The data access layer on DynamoDB: DYNAMODB_ENDPOINT (for emulators), AWS_REGION and DYNAMODB_TABLE_PREFIX say where. */
export function createDynamoDal(): Dal {
  const store = Store.connect(storeModel(process.env['DYNAMODB_TABLE_PREFIX'] ?? ''), DRIVER, {
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    endpoint: process.env['DYNAMODB_ENDPOINT'],
  });
  return {
    ${aggregates.map((aggregate) => `${aggregate}: dynamo${typeName(aggregate)}(store),`).join('\n')}
    begin: () => Promise.resolve(store.begin()),
    ping: () => store.ping(),
    close: () => Promise.resolve(store.close()),
  };
}
`);
}
