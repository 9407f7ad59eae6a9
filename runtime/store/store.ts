import { DynamoDBClient, type DynamoDBClientConfig, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { backOff } from './calls.ts';
import { commit } from './commit.ts';
import type { StoreModel } from './model.ts';
import { type Driver, type Presented, Presenter } from './present.ts';
import { Reader } from './reader.ts';
import { SqlError } from './sql-error.ts';
import { TransactionState } from './transaction.ts';
import { type WriteOutcome, Writer } from './writer.ts';

/** A statement outside of a transaction is run again, unseen, when it loses against another. */
const ATTEMPTS = 12;

/** The tables of the application in DynamoDB, as the compiled statements use them. */
export class Store {
  readonly out: Presenter;
  private readonly client: DynamoDBClient;
  private readonly model: StoreModel;

  constructor(client: DynamoDBClient, model: StoreModel, driver: Driver) {
    this.client = client;
    this.model = model;
    this.out = new Presenter(driver);
  }

  /** A store by its settings; `endpoint` is for emulators. */
  static connect(model: StoreModel, driver: Driver, settings: { region: string; endpoint: string | undefined }): Store {
    const config: DynamoDBClientConfig = { region: settings.region, maxAttempts: 8 };
    if (settings.endpoint !== undefined) {
      config.endpoint = settings.endpoint;
      // Emulators want credentials, whatever they are.
      config.credentials = {
        accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? 'test',
        secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
      };
    }
    return new Store(new DynamoDBClient(config), model, driver);
  }

  begin(): StoreUnit {
    return new StoreUnit(this.client, this.model);
  }

  /** Reads of one statement, in the transaction of `unit` if there is one. */
  reader(unit?: unknown): Reader {
    return new Reader(this.client, this.model, stateOf(unit));
  }

  /** One writing statement: in the transaction of `unit`, or as a transaction of its own. */
  async write(unit: unknown, statement: (writer: Writer) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    const state = stateOf(unit);
    if (state === undefined) return this.autocommit(statement);
    const back = state.savepoint();
    try {
      return await statement(new Writer(this.client, this.model, state));
    } catch (error) {
      back();
      throw error;
    }
  }

  private async autocommit(statement: (writer: Writer) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const state = new TransactionState();
      let lost = false;
      try {
        const outcome = await statement(new Writer(this.client, this.model, state));
        // A key that is taken at commit is found by the statement itself when it runs again.
        lost = true;
        await commit(this.client, this.model, state);
        return outcome;
      } catch (error) {
        if (!(isDeadlock(error) || (lost && isDuplicate(error))) || attempt >= ATTEMPTS) throw error;
        await backOff(attempt);
      }
    }
  }

  /** Answers when DynamoDB does. */
  async ping(): Promise<void> {
    await this.client.send(new ListTablesCommand({ Limit: 1 }));
  }

  close(): void {
    this.client.destroy();
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof SqlError && error.code === 'ER_LOCK_DEADLOCK';
}

function isDuplicate(error: unknown): boolean {
  return error instanceof SqlError && error.code === 'ER_DUP_ENTRY';
}

/** A transaction of the application: all its statements write together, at commit. */
export class StoreUnit {
  private readonly client: DynamoDBClient;
  private readonly model: StoreModel;
  private current: TransactionState | undefined;

  constructor(client: DynamoDBClient, model: StoreModel) {
    this.client = client;
    this.model = model;
  }

  /** Undefined outside of `begin` and `commit`, where each statement stands for itself, as on a connection. */
  get state(): TransactionState | undefined {
    return this.current;
  }

  async begin(): Promise<void> {
    // As on a connection, a new transaction commits the one before.
    if (this.current !== undefined) await this.commit();
    this.current = new TransactionState();
  }

  async commit(): Promise<void> {
    const state = this.current;
    this.current = undefined;
    if (state !== undefined) await commit(this.client, this.model, state);
  }

  async rollback(): Promise<void> {
    this.current = undefined;
    return Promise.resolve();
  }

  release(): void {
    this.current = undefined;
  }
}

function stateOf(unit: unknown): TransactionState | undefined {
  if (unit === undefined || unit === null) return undefined;
  if (unit instanceof StoreUnit) return unit.state;
  throw new TypeError('This unit of work belongs to another store.');
}

/** Gives rows of an answer their shape; their type is what the interface declares for the statement. */
export function shaped<T, Out>(rows: readonly T[], shape: (row: T) => Readonly<Record<string, Presented>>): Out[] {
  return rows.map((row) => shape(row) as Out);
}
