import { DescribeTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { backOff } from './calls.ts';
import { commit } from './commit.ts';
import { LockTable, LockWaited } from './locks.ts';
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
  private readonly locks = new LockTable();

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
      // Emulators want credentials, whatever they are; real ones are never sent to them.
      config.credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    }
    return new Store(new DynamoDBClient(config), model, driver);
  }

  begin(): StoreUnit {
    return new StoreUnit(this.client, this.model, this.locks);
  }

  /** Reads of one statement, in the transaction of `unit` if there is one. */
  reader(unit?: unknown): Reader {
    return new Reader(this.client, this.model, stateOf(unit));
  }

  /** A reading statement that locks its rows: run again when it had to wait, for what it reads must be the newest. */
  async locking<T>(unit: unknown, statement: (reader: Reader) => Promise<T>): Promise<T> {
    return settled(() => statement(this.reader(unit)));
  }

  /** One writing statement: in the transaction of `unit`, or as a transaction of its own. */
  async write(unit: unknown, statement: (writer: Writer) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    const state = stateOf(unit);
    if (state === undefined) return this.autocommit(statement);
    return settled(async () => {
      const back = state.savepoint();
      try {
        return await statement(new Writer(this.client, this.model, state));
      } catch (error) {
        back();
        throw error;
      }
    });
  }

  private async autocommit(statement: (writer: Writer) => Promise<WriteOutcome>): Promise<WriteOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const state = new TransactionState(this.locks);
      let lost = false;
      try {
        const outcome = await statement(new Writer(this.client, this.model, state));
        // A key that is taken at commit is found by the statement itself when it runs again.
        lost = true;
        await commit(this.client, this.model, state);
        return outcome;
      } catch (error) {
        if (error instanceof LockWaited) {
          // No failure: what it waited for is free now.
          attempt -= 1;
          continue;
        }
        if (!(isDeadlock(error) || (lost && isDuplicate(error))) || attempt >= ATTEMPTS) throw error;
        await backOff(attempt);
      } finally {
        this.locks.release(state);
      }
    }
  }

  /** Answers when DynamoDB does. */
  async ping(): Promise<void> {
    const [table] = Object.values(this.model.tables);
    if (table !== undefined) await this.client.send(new DescribeTableCommand({ TableName: table.name }));
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
  private readonly locks: LockTable;
  private current: TransactionState | undefined;

  constructor(client: DynamoDBClient, model: StoreModel, locks: LockTable) {
    this.client = client;
    this.model = model;
    this.locks = locks;
  }

  /** Undefined outside of `begin` and `commit`, where each statement stands for itself, as on a connection. */
  get state(): TransactionState | undefined {
    return this.current;
  }

  async begin(): Promise<void> {
    // As on a connection, a new transaction commits the one before.
    if (this.current !== undefined) await this.commit();
    this.current = new TransactionState(this.locks);
  }

  async commit(): Promise<void> {
    const state = this.current;
    this.current = undefined;
    if (state === undefined) return;
    try {
      await commit(this.client, this.model, state);
    } finally {
      this.locks.release(state);
    }
  }

  rollback(): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  release(): void {
    if (this.current !== undefined) this.locks.release(this.current);
    this.current = undefined;
  }
}

/** Runs a statement until it has not had to wait for a lock. */
async function settled<T>(statement: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (!(error instanceof LockWaited)) throw error;
    }
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
