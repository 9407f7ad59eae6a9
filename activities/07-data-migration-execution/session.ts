import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { ContractEntity, MigrationContract } from '../../contract/types.ts';
import { storeModel } from '../../contract/store-model.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { SourceSettings, TargetSettings } from '../../core/plan.ts';
import type { StageContext } from '../../core/stage.ts';
import type { StoreModel } from '../../runtime/store/model.ts';
import { awsClients } from '../aws.ts';
import { connectSource, sourceConnection } from '../mysql.ts';
import { directColumn, planViews, type EntityView } from './views.ts';
import type { KeyColumn } from './paging.ts';

/** What every method of this stage works with; closed by {@link withSession}. */
export interface Session {
  readonly contract: MigrationContract;
  readonly model: StoreModel;
  readonly connection: Connection;
  readonly client: DynamoDBClient;
  readonly views: readonly EntityView[];
  tableName(table: string): string;
  keyColumns(entity: ContractEntity): readonly KeyColumn[];
}

/** Opens source and target for one activity, and closes them whatever happens. */
export async function withSession<T>(context: StageContext, work: (session: Session) => Promise<T>): Promise<T> {
  const bytes = await context.input('stage-02/migrationContract.json');
  const contract = JSON.parse(Buffer.from(bytes).toString('utf8')) as MigrationContract;
  const { source, target } = context.plan;
  return openSession(
    { contract, source, target, migration: context.migration, secret: (name) => context.secret(name) },
    work,
  );
}

/** What a session is opened on: a database of the source's server, and a prefix of the target's tables. */
export interface SessionOptions {
  readonly contract: MigrationContract;
  readonly source: SourceSettings;
  readonly target: TargetSettings;
  /** Names the views. */
  readonly migration: string;
  secret(reference: string): Promise<string>;
}

/** {@link withSession} for any database and any prefix, such as those of a rehearsal. */
export async function openSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const { contract, source, target } = options;
  const entities = contract.tables.flatMap((table) => table.entities);
  const connection = await connectSource(await sourceConnection(source, (name) => options.secret(name)));
  const { dynamodb: client } = awsClients(target);
  try {
    return await work({
      contract,
      model: storeModel(contract, target.prefix),
      connection,
      client,
      views: planViews(source.database, options.migration, entities),
      tableName: (table) => target.prefix + table,
      keyColumns,
    });
  } finally {
    client.destroy();
    await connection.end();
  }
}

function keyColumns(entity: ContractEntity): readonly KeyColumn[] {
  return entity.primary_key.map((name) => {
    const attribute = entity.attributes.find((candidate) => candidate.source_column === name);
    if (attribute === undefined) throw new RangeError(`${entity.source_table} maps no column ${name}.`);
    return { name, type: attribute.source_type };
  });
}

/** Columns that the contract maps and the source does not have (any more), as `table.column`. */
export async function missingColumns(session: Session, database: string): Promise<string[]> {
  const [rows] = await session.connection.query<RowDataPacket[]>(
    'SELECT TABLE_NAME AS t, COLUMN_NAME AS c FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?',
    [database],
  );
  const present = new Set(rows.map((row) => `${String(row['t'])}.${String(row['c'])}`));
  return session.views
    .flatMap(({ entity }) => entity.attributes.map((attribute) => `${entity.source_table}.${directColumn(attribute)}`))
    .filter((column) => !present.has(column));
}

/** Tables of the contract that are not there, or not ACTIVE with the contract's key. */
export async function tablesNotReady(session: Session): Promise<string[]> {
  const problems: string[] = [];
  for (const table of session.contract.tables) {
    const name = session.tableName(table.table);
    try {
      const { Table } = await session.client.send(new DescribeTableCommand({ TableName: name }));
      const keys = Table?.KeySchema?.map((key) => key.AttributeName).join(', ');
      const expected = [table.pk.name, ...(table.sk === null ? [] : [table.sk.name])].join(', ');
      if (Table?.TableStatus !== 'ACTIVE') problems.push(`${name} is ${Table?.TableStatus ?? 'unknown'}`);
      else if (keys !== expected) problems.push(`${name} has the key ${keys}, not ${expected}`);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      problems.push(`${name} does not exist`);
    }
  }
  return problems;
}

/** Throws when source or target are not what the contract was made for. */
export async function requireReady(session: Session, database: string): Promise<void> {
  const columns = await missingColumns(session, database);
  if (columns.length > 0) {
    throw new CutoverError('data.source-changed', {
      where: `database ${database}`,
      detail: `Not there: ${columns.slice(0, 10).join(', ')}${columns.length > 10 ? ` and ${columns.length - 10} more` : ''}.`,
    });
  }
  const tables = await tablesNotReady(session);
  if (tables.length > 0) {
    throw new CutoverError('data.target-not-ready', {
      where: 'DynamoDB',
      detail: `${tables.slice(0, 10).join('; ')}.`,
    });
  }
}
