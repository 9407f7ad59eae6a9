import { format } from 'prettier';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { EntityModel, StoreModel } from '../../../runtime/store/model.ts';
import type { HandMethod } from '../../generated/by-hand.ts';
import { handImport } from './hand-written.ts';
import { shareColumns } from './share-columns.ts';
import { shareStarts } from './share-starts.ts';

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

/** What the aggregates' files repeat, written once: reads in the file itself, columns in a file for all of them. */
export async function withoutRepetition(
  layer: DataAccessLayer,
  files: readonly { readonly aggregate: string; readonly content: string }[],
): Promise<{ path: string; content: string }[]> {
  const suffix = layer.importSuffix;
  const name = files.some(({ aggregate }) => aggregate === 'columns') ? 'shared-columns' : 'columns';
  const read = files.map(({ aggregate, content }) => ({
    aggregate,
    content: shareStarts(
      content,
      typeName(aggregate),
      layer.methods.filter((method) => method.aggregate === aggregate),
    ),
  }));
  const columns = shareColumns(read, `./store/index${suffix}`, `./${name}${suffix}`);
  const all = columns.files.map(({ aggregate, content }) => ({ path: `${aggregate}.ts`, content }));
  if (columns.shared !== undefined) all.push({ path: `${name}.ts`, content: columns.shared });
  return Promise.all(all.map(async ({ path, content }) => ({ path, content: await formatted(content) })));
}

function usesStore(body: string): boolean {
  return /\bstore\.|\(store\)/.test(body);
}

/** The store's tables and items, as data; table names get the prefix when the application starts. */
export async function modelFile(layer: DataAccessLayer, model: StoreModel): Promise<string> {
  const tables = Object.entries(model.tables).map(([name, table]) => {
    const { pk, sk, indexes } = table;
    return `${JSON.stringify(name)}: { name: \`\${prefix}${table.name}\`, ${JSON.stringify({ pk, sk, indexes }).slice(1)}`;
  });
  const { supportTable, database } = model;
  const rest = JSON.stringify({ supportTable, ...(database === undefined ? {} : { database }) }).slice(1, -1);
  return formatted(`import type { ColumnModel, ${refers(model) ? 'Reference, ' : ''}StoreModel } from './store/index${layer.importSuffix}';

/** The tables and items of the application, with their names under a prefix. */
export function storeModel(prefix: string): StoreModel {
  return {
    tables: { ${tables.join(', ')} },
    entities: { ${Object.entries(model.entities)
      .map(([name, entity]) => `${JSON.stringify(name)}: ${entityText(entity)}`)
      .join(', ')} },
    ${rest},
  };
}

/** A column of a row: attribute, its type in DynamoDB and in MySQL; NOT NULL unless more says otherwise. */
function column(
  attribute: string,
  type: ColumnModel['type'],
  dataType: string,
  more: Partial<ColumnModel> = {},
): ColumnModel {
  return { attribute, type, dataType, nullable: false, ...more };
}
${referenceText(model)}`);
}

function refers(model: StoreModel): boolean {
  return Object.values(model.entities).some(({ references }) => references.length > 0);
}

function referenceText(model: StoreModel): string {
  if (!refers(model)) return '';
  return `
/** A foreign key to another table, and what becomes of its row when the other's goes or gets another key. */
function reference(
  name: string,
  columns: readonly string[],
  target: string,
  targetColumns: readonly string[],
  onDelete: Reference['onDelete'],
  more: Pick<Reference, 'onUpdate'> = {},
): Reference {
  return { name, columns, target, targetColumns, onDelete, ...more };
}
`;
}

function entityText({ columns, references, ...rest }: EntityModel): string {
  const members = Object.entries(columns).map(([name, column]) => {
    const { attribute, type, dataType, nullable, ...more } = column;
    const settings = { ...(nullable ? { nullable } : {}), ...more };
    const last = Object.keys(settings).length === 0 ? '' : `, ${JSON.stringify(settings)}`;
    return `${JSON.stringify(name)}: column('${[attribute, type, dataType].join("', '")}'${last})`;
  });
  const parents = references.map(
    (one) =>
    `reference(${[one.name, one.columns, one.target, one.targetColumns, one.onDelete, ...(one.onUpdate === undefined ? [] : [{ onUpdate: one.onUpdate }])].map((each) => JSON.stringify(each)).join(', ')})`, // prettier-ignore
  );
  return `${JSON.stringify(rest).slice(0, -1)}, references: [${parents.join(', ')}], columns: { ${members.join(', ')} } }`;
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
