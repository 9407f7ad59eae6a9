import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, supportTable } from '../store/codec.ts';
import type { StoreModel } from '../store/model.ts';
import { isPhase, type Phase } from './phases.ts';

/** What all instances agree on. */
export interface Flags {
  readonly phase: Phase;
  /** One more with every change. */
  readonly generation: number;
  readonly announcement: Announcement | null;
  /** First id of the next outbox: versions never go backwards, not even after a way back to phase 1. */
  readonly versionBase: bigint;
}

/** A phase change that is being prepared. */
export interface Announcement {
  readonly id: string;
  readonly to: Phase;
  /** After this moment anybody may withdraw it. */
  readonly deadline: number;
}

export interface InstanceState {
  readonly id: string;
  readonly beat: number;
  readonly generation: number;
  /** The announcement under which it has become quiet. */
  readonly quiet: string;
}

/** Whether a key of the support table belongs to the flags, and not to data. */
export function isFlagKey(key: string): boolean {
  return /^(FLAGS$|INSTANCES$|INSTANCE#|MISMATCHES#)/.test(key);
}

const START: Flags = { phase: 1, generation: 0, announcement: null, versionBase: 1n };

/** The flags in DynamoDB: in the support table, which no row of the application ever touches. */
export class FlagStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly key: string;

  constructor(client: DynamoDBClient, model: StoreModel) {
    this.client = client;
    const { name, pk } = supportTable(model);
    this.table = name;
    this.key = pk.attribute;
  }

  /** Phase 1 when nobody has ever changed it, or the tables are not deployed yet; fails when DynamoDB does not answer. */
  async read(): Promise<Flags> {
    let item: Item | undefined;
    try {
      item = await this.get('FLAGS');
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return START;
      throw error;
    }
    if (item === undefined) return START;
    const phase = Number(item['phase']?.N ?? '1');
    if (!isPhase(phase)) throw new RangeError(`The flags say phase ${phase}, which there is not.`);
    const announcement = item['announcement']?.M;
    const to = Number(announcement?.['to']?.N);
    return {
      phase,
      generation: Number(item['generation']?.N ?? '0'),
      announcement:
        announcement === undefined || !isPhase(to)
          ? null
          : { id: announcement['id']?.S ?? '', to, deadline: Number(announcement['deadline']?.N ?? '0') },
      versionBase: BigInt(item['version_base']?.N ?? '1'),
    };
  }

  /** False when somebody else was quicker. */
  async announce(flags: Flags, announcement: Announcement): Promise<boolean> {
    return this.condition(
      this.update('FLAGS', {
        UpdateExpression: 'SET #announcement = :announcement, #phase = :phase, #generation = :generation',
        ConditionExpression:
          '(attribute_not_exists(#phase) OR #generation = :generation) AND attribute_not_exists(#announcement)',
        ExpressionAttributeNames: { '#announcement': 'announcement', '#phase': 'phase', '#generation': 'generation' },
        ExpressionAttributeValues: {
          ':announcement': {
            M: {
              id: { S: announcement.id },
              to: { N: String(announcement.to) },
              deadline: { N: String(announcement.deadline) },
            },
          },
          ':phase': { N: String(flags.phase) },
          ':generation': { N: String(flags.generation) },
        },
      }),
    );
  }

  /** Takes an announcement back; false when it is not there any more. */
  async withdraw(id: string): Promise<boolean> {
    return this.condition(
      this.update('FLAGS', {
        UpdateExpression: 'REMOVE #announcement',
        ConditionExpression: '#announcement.#id = :id',
        ExpressionAttributeNames: { '#announcement': 'announcement', '#id': 'id' },
        ExpressionAttributeValues: { ':id': { S: id } },
      }),
    );
  }

  /** The switch itself; false when the announcement was withdrawn meanwhile. */
  async switchTo(announcement: Announcement, versionBase: bigint): Promise<boolean> {
    return this.condition(
      this.update('FLAGS', {
        UpdateExpression: 'SET #phase = :to, #base = :base ADD #generation :one REMOVE #announcement',
        ConditionExpression: '#announcement.#id = :id',
        ExpressionAttributeNames: { '#announcement': 'announcement', '#id': 'id', '#phase': 'phase', '#generation': 'generation', '#base': 'version_base' }, // prettier-ignore
        ExpressionAttributeValues: {
          ':to': { N: String(announcement.to) },
          ':one': { N: '1' },
          ':id': { S: announcement.id },
          ':base': { N: versionBase.toString() },
        },
      }),
    );
  }

  async beat(state: InstanceState): Promise<void> {
    await this.update(`INSTANCE#${state.id}`, {
      UpdateExpression: 'SET #beat = :beat, #generation = :generation, #quiet = :quiet',
      ExpressionAttributeNames: { '#beat': 'beat', '#generation': 'generation', '#quiet': 'quiet' },
      ExpressionAttributeValues: {
        ':beat': { N: String(state.beat) },
        ':generation': { N: String(state.generation) },
        ':quiet': { S: state.quiet },
      },
    });
  }

  async register(id: string): Promise<void> {
    await this.membership('ADD', id);
  }

  async unregister(id: string): Promise<void> {
    await this.membership('DELETE', id);
  }

  async instances(): Promise<InstanceState[]> {
    const ids = (await this.get('INSTANCES'))?.['ids']?.SS ?? [];
    const states: InstanceState[] = [];
    for (let start = 0; start < ids.length; start += 100) {
      const keys = ids.slice(start, start + 100).map((id) => ({ [this.key]: { S: `INSTANCE#${id}` } }));
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.table]: { Keys: keys, ConsistentRead: true } } }),
      );
      for (const item of answer.Responses?.[this.table] ?? []) {
        states.push({
          id: (item[this.key]?.S ?? '').slice('INSTANCE#'.length),
          beat: Number(item['beat']?.N ?? '0'),
          generation: Number(item['generation']?.N ?? '0'),
          quiet: item['quiet']?.S ?? '',
        });
      }
    }
    return states;
  }

  async addMismatch(generation: number): Promise<void> {
    await this.update(`MISMATCHES#${generation}`, {
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
  }

  async mismatches(generation: number): Promise<number> {
    return Number((await this.get(`MISMATCHES#${generation}`))?.['count']?.N ?? '0');
  }

  private async membership(verb: 'ADD' | 'DELETE', id: string): Promise<void> {
    await this.update('INSTANCES', {
      UpdateExpression: `${verb} #ids :id`,
      ExpressionAttributeNames: { '#ids': 'ids' },
      ExpressionAttributeValues: { ':id': { SS: [id] } },
    });
  }

  private async get(name: string): Promise<Item | undefined> {
    const key = { [this.key]: { S: name } };
    return (await this.client.send(new GetItemCommand({ TableName: this.table, Key: key, ConsistentRead: true }))).Item;
  }

  private async update(
    name: string,
    input: Omit<ConstructorParameters<typeof UpdateItemCommand>[0], 'TableName' | 'Key'>,
  ): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({ TableName: this.table, Key: { [this.key]: { S: name } }, ...input }),
    );
  }

  private async condition(update: Promise<void>): Promise<boolean> {
    try {
      await update;
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }
}

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
