import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Change,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CutoverError } from '../../core/errors/index.ts';
import { OWNER_TAG } from './naming.ts';
import { poll, type Waiting } from './poll.ts';

/** A change as the report and the artifact show it. */
export interface PlannedChange {
  readonly action: string;
  readonly resource: string;
  readonly type: string;
  readonly replacement: string;
}

/** Largest template that can be sent inline (CloudFormation quotas, "Template body size in a request"). */
export const TEMPLATE_BYTES = 51_200;

/** The stack of that name; null when there is none. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | null> {
  try {
    const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = stacks.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    return stack ?? null;
  } catch (error) {
    // CloudFormation has no error class for this; its text has been the same for years.
    if (error instanceof Error && /does not exist/i.test(error.message)) return null;
    throw error;
  }
}

/** Creates a change set and waits until it can be executed; null when it would change nothing. */
export async function createChangeSet(
  client: CloudFormationClient,
  options: {
    readonly stack: string;
    readonly changeSet: string;
    readonly template: string;
    readonly migration: string;
  },
  waiting: Waiting,
): Promise<readonly PlannedChange[] | null> {
  const { stack: name, changeSet, template } = options;
  if (Buffer.byteLength(template) > TEMPLATE_BYTES) {
    const detail = `${Buffer.byteLength(template)} bytes; at most ${TEMPLATE_BYTES}.`;
    throw new CutoverError('infrastructure.template-too-large', { where: name, detail });
  }
  const existing = await findStack(client, name);
  const fresh = existing === null || existing.StackStatus === 'REVIEW_IN_PROGRESS';
  // A change set of that name is left when a worker died between two calls.
  if (existing)
    await client.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: changeSet })).catch(() => undefined);
  await client.send(
    new CreateChangeSetCommand({
      StackName: name,
      ChangeSetName: changeSet,
      ChangeSetType: fresh ? 'CREATE' : 'UPDATE',
      TemplateBody: template,
      Capabilities: ['CAPABILITY_IAM'],
      Tags: [{ Key: OWNER_TAG, Value: options.migration }],
    }),
  );
  const described = await poll(
    waiting,
    () => client.send(new DescribeChangeSetCommand({ StackName: name, ChangeSetName: changeSet })),
    ({ Status }) => Status === 'CREATE_COMPLETE' || Status === 'FAILED',
  );
  if (described.Status === 'FAILED') {
    const reason = described.StatusReason ?? 'no reason given';
    await client.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: changeSet }));
    if (/didn't contain changes|no updates are to be performed|no changes/i.test(reason)) return null;
    throw new CutoverError('infrastructure.deployment-failed', {
      where: `change set of ${name}`,
      detail: `${reason}.`,
    });
  }
  const changes = [...(described.Changes ?? [])];
  for (let next = described.NextToken; next !== undefined;) {
    const page = await client.send(
      new DescribeChangeSetCommand({ StackName: name, ChangeSetName: changeSet, NextToken: next }),
    );
    changes.push(...(page.Changes ?? []));
    next = page.NextToken;
  }
  return changes.map(plannedChange);
}

function plannedChange({ ResourceChange: change }: Change): PlannedChange {
  return {
    action: change?.Action ?? '',
    resource: change?.LogicalResourceId ?? '',
    type: change?.ResourceType ?? '',
    replacement: change?.Replacement ?? 'False',
  };
}

/** A change of a table that is not in place would make a new, empty one. */
export function refuseReplacement(changes: readonly PlannedChange[], stack: string): void {
  const replaced = changes.filter(
    ({ action, type, replacement }) =>
      type === 'AWS::DynamoDB::Table' && (action === 'Remove' || (action === 'Modify' && replacement === 'True')),
  );
  if (replaced.length === 0) return;
  const detail = `${replaced.map(({ action, resource }) => `${action} ${resource}`).join(', ')}.`;
  throw new CutoverError('infrastructure.replacement-refused', { where: stack, detail });
}

/** Executes the change set and waits for the end of it; throws with CloudFormation's own reasons when it fails. */
export async function executeChangeSet(
  client: CloudFormationClient,
  stack: string,
  changeSet: string,
  waiting: Waiting,
): Promise<void> {
  await client.send(new ExecuteChangeSetCommand({ StackName: stack, ChangeSetName: changeSet }));
  await settle(client, stack, waiting);
}

/** Waits until a stack stands still; throws unless it stands complete. */
export async function settle(client: CloudFormationClient, stack: string, waiting: Waiting): Promise<void> {
  const ended = await poll(
    waiting,
    () => findStack(client, stack),
    (found) => !found?.StackStatus?.endsWith('_IN_PROGRESS'),
  );
  const status = ended?.StackStatus ?? 'gone';
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' || status === 'IMPORT_COMPLETE') return;
  const { StackEvents: events = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack }));
  const reasons = events
    .filter(({ ResourceStatus, ResourceStatusReason }) => ResourceStatus?.endsWith('_FAILED') && ResourceStatusReason)
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId ?? ''}: ${ResourceStatusReason ?? ''}`);
  const detail = `The stack is ${status}. ${reasons.slice(0, 5).join('; ')}`;
  throw new CutoverError('infrastructure.deployment-failed', { where: stack, detail });
}

/** Removes the stack and waits until it is gone; a stack that is not there is no error. */
export async function deleteStack(client: CloudFormationClient, stack: string, waiting: Waiting): Promise<void> {
  if ((await findStack(client, stack)) === null) return;
  await client.send(new DeleteStackCommand({ StackName: stack }));
  const left = await poll(
    waiting,
    () => findStack(client, stack),
    (found) => found === null || !found.StackStatus?.endsWith('_IN_PROGRESS'),
  );
  if (left === null) return;
  const detail = `The stack is ${left.StackStatus ?? 'in an unknown state'}: ${left.StackStatusReason ?? 'no reason given'}.`;
  throw new CutoverError('infrastructure.deployment-failed', { where: `deletion of ${stack}`, detail });
}
