import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AwsCall } from '@orderly/aws/call';
import type { PeekedMessage } from '@orderly/aws/sqs/peek';
import type { Accepted } from '@orderly/support/accepted';
import type { DeadLetter } from '@orderly/support/dead-letters';
import { type Evidence, type Items, itemsOf } from '@orderly/support/evidence';
import { STAGE } from '../world/stack.ts';
import type { World } from '../world/world.ts';

async function scan(call: AwsCall, TableName: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await call('dynamodb', 'Scan', {
      TableName,
      ConsistentRead: true,
      ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
    });
    items.push(...(page.Items as Parameters<typeof unmarshall>[0][]).map((item) => unmarshall(item)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

export async function readItems(call: AwsCall): Promise<Items> {
  const [orders, inventory, notifications] = [
    await scan(call, `${STAGE}-orders`),
    await scan(call, `${STAGE}-inventory`),
    await scan(call, `${STAGE}-notifications`),
  ];
  return itemsOf({ orders, inventory, notifications }, { isOrder: () => true, isProduct: () => true });
}

const toDeadLetter = (queue: string, { body, messageAttributes }: PeekedMessage): DeadLetter => ({
  queue,
  body,
  target: (messageAttributes as Record<string, { readonly StringValue?: string }> | undefined)?.target
    ?.StringValue,
  message: {},
});

/** What the dead-letter queues hold now. */
export const deadLettersIn = ({ sqs }: World): readonly DeadLetter[] =>
  sqs
    .queues()
    .filter(({ name }) => name.startsWith(`${STAGE}-dlq--`))
    .flatMap(({ name }) => sqs.peek(name).map((message) => toDeadLetter(name, message)));

/** Messages in queues that are none of dead letters. */
export const waitingIn = ({ sqs }: World): number =>
  sqs
    .queues()
    .filter(({ name }) => !name.includes('-dlq--'))
    .reduce((sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed, 0);

export interface Collected {
  readonly world: World;
  readonly call: AwsCall;
  readonly accepted: Accepted;
  readonly events: Evidence['events'];
  readonly garbage: readonly string[];
  readonly deadLetters: readonly DeadLetter[];
  readonly poison: Evidence['poison'];
  readonly refusing?: string;
  readonly publishedWhileRefusing?: ReadonlySet<string>;
  readonly returned: Evidence['returned'];
}

/** What the judge looks at: that of the fault suite, from the simulated world. */
export async function evidenceOf({ world, call, returned, ...known }: Collected): Promise<Evidence> {
  return {
    ...known,
    ...(await readItems(call)),
    ...(returned && { returned }),
    before: new Map(),
    mails: world.mail.taken,
    deadLettersLeft: new Map(),
    waiting: waitingIn(world),
  };
}
