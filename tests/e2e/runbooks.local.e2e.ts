import { eventually } from '@orderly/support/eventually';
import type { Answer } from '@orderly/support/orderly';
import { placeOrder, reaches, stockedProduct } from './api.ts';
import { authorization } from './authorization.ts';
import { goneEndpoint } from './gone-endpoint.ts';
import { failNotification } from './notifications.ts';
import { orderlyJson } from './orderly.ts';
import { urlOf } from './platform.ts';
import { queues } from './queues.ts';
import { type Placeholders, pages, readRunbook, run } from './runbook.ts';
import { killService, startService } from './services.ts';
import { refuseOrders, restoreQueues, sendPoison } from './trouble.ts';

/** Something that has gone wrong, really. */
interface Situation {
  readonly placeholders?: Placeholders;
  /** What `Diagnose` shows, on each page that has this situation. */
  readonly seen: Shown;
  /** Takes the cause away. */
  mend(): Promise<void>;
  /** Looked up before each command of `Fix`: what a person copies from an earlier command. */
  copied?(command: string): Promise<Placeholders>;
  /** What `Verify` shows in the end. */
  readonly over: Shown;
}

type Shown = RegExp | ((page: string) => RegExp);
const shownOn = (shown: Shown, page: string): RegExp => (shown instanceof RegExp ? shown : shown(page));

interface ShownQueue {
  readonly letters: readonly { readonly messageId: string }[];
}

/** @returns the one message in the dead-letter queue, once it is there */
const deadLetter = (): Promise<string> =>
  eventually(async () => {
    const shown = await orderlyJson<ShownQueue[]>('dlq', 'show', 'order-events--inventory');
    const ids = shown.flatMap(({ letters }) => letters.map(({ messageId }) => messageId));
    expect(ids).toHaveLength(1);
    return ids[0] ?? '';
  });

afterEach(restoreQueues);

const receivers: Awaited<ReturnType<typeof goneEndpoint>>['receiver'][] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
});

/** No function of inventory runs. */
async function inventoryDown(): Promise<Situation> {
  const sku = await stockedBefore();
  const api = urlOf('inventory');
  const { authorization: shown = 'Bearer none' } = await authorization();
  await killService('inventory');
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });
  return {
    placeholders: { api, token: shown.replace('Bearer ', '') },
    // Waiting: the order that inventory has not taken.
    seen: (page) => (page === 'failing-api' ? /^000 in/ : /inventory +OrderPlaced +[1-9]/),
    mend: async () => {
      await startService('inventory');
      await reaches(orderId, 'CONFIRMED');
    },
    over: (page) => (page === 'failing-api' ? /^200 in/ : /No dead letters/),
  };
}

const situations: Readonly<Record<string, () => Promise<Situation>>> = {
  async 'dead-letters'() {
    await sendPoison(['order-events--inventory']);
    await deadLetter();
    return {
      seen: /breaks its contract/,
      mend: async () => {},
      copied: async (command) => (command.includes('<messageId>') ? { messageId: await deadLetter() } : {}),
      over: /No dead letters/,
    };
  },

  async 'parked-subscriber'() {
    const skus = await Promise.all(Array.from({ length: 8 }, () => stockedProduct(9)));
    await reaches((await placeOrder({ lines: skus.map((sku) => [sku, 1]) })).orderId, 'CONFIRMED');
    const mend = await refuseOrders();
    const { orderId } = await placeOrder({ lines: skus.map((sku) => [sku, 1]) });
    const parked = await queues.url('dlq--order-events.fifo');
    await eventually(async () => expect((await queues.depth(parked)).waiting).toBe(1));
    return { placeholders: { orderId }, seen: /1024 bytes/, mend, over: /CONFIRMED/ };
  },

  async 'iterator-age'() {
    const { orderId } = await placeOrder({ lines: [[await stockedBefore(), 1]] });
    // Its publisher goes with it.
    await killService('orders');
    return {
      placeholders: { orderId },
      seen: /PLACED, version 1/,
      mend: () => startService('orders'),
      over: /CONFIRMED/,
    };
  },

  'queue-age': inventoryDown,

  async 'stuck-orders'() {
    const sku = await stockedBefore();
    await killService('inventory');
    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    const url = await queues.url('order-events--inventory.fifo');
    await eventually(async () => {
      const lost = (await queues.drain(url)).map(({ Body = '' }) => Body);
      expect(lost.some((body) => body.includes(orderId))).toBe(true);
    });
    await startService('inventory');
    return {
      placeholders: { orderId },
      seen: /PLACED, version 1/,
      mend: async () => {},
      over: /CONFIRMED[\s\S]*Nothing odd/,
    };
  },

  'failing-api': inventoryDown,

  async 'failed-notifications'() {
    const { orderId } = await placeOrder({ lines: [[await stockedBefore(), 1]] });
    await eventually(() => failNotification(orderId, 'order-confirmed', '550 No such mailbox'));
    return {
      placeholders: { orderId },
      seen: /No such mailbox/,
      mend: async () => {},
      over: /order-confirmed SENT/,
    };
  },

  async 'failing-webhooks'() {
    const { receiver, endpointId, deliveryId } = await goneEndpoint();
    receivers.push(receiver);
    const dead = await queues.url('dlq--webhooks--deliveries');
    await queues.send(dead, JSON.stringify({ endpointId }));
    const { authorization: shown = 'Bearer none' } = await authorization();
    const token = shown.replace('Bearer ', '');
    return {
      placeholders: { api: urlOf('webhooks'), token, endpointId, deliveryId },
      seen: /GONE[\s\S]*webhooks--deliveries[\s\S]*"status":410/,
      mend: async () => {
        receiver.status = 200;
      },
      over: /"DELIVERED"[\s\S]*No dead letters/,
    };
  },

  'function-errors': inventoryDown,

  async throttling() {
    const sku = await stockedBefore();
    const orders = await Promise.all(Array.from({ length: 9 }, () => placeOrder({ lines: [[sku, 1]] })));
    return {
      seen: /order-events/,
      mend: async () => {
        for (const { orderId } of orders) await reaches(orderId, 'CONFIRMED');
      },
      over: /No dead letters/,
    };
  },
};

/** A product that the orders service knows. */
async function stockedBefore(): Promise<string> {
  const sku = await stockedProduct(99);
  await reaches((await placeOrder({ lines: [[sku, 1]] })).orderId, 'CONFIRMED');
  return sku;
}

it('every runbook has its situation', () => {
  expect([...pages].sort()).toEqual(Object.keys(situations).sort());
});

/** Pages of the same situation share it: to kill a service and start it again takes longer than all else. */
const groups = pages
  .map((page) => pages.filter((other) => situations[other] === situations[page]))
  .filter(([first], index) => first === pages[index]);

it.each(groups.map((group) => [group.join(', '), group] as const))(
  '%s: each command works where it is for, and in the end it is over',
  async (_, group) => {
    const [page = ''] = group;
    const situation = await situations[page]?.();
    if (situation === undefined) throw new Error(`Nothing is known of ${page}`);
    const { placeholders = {}, seen, mend, copied, over } = situation;
    const outputOf = async (parts: Parts, part: string): Promise<string> => {
      const answers: Answer[] = [];
      for (const command of parts.get(part) ?? []) answers.push(await expectDone(command, placeholders));
      return answers.map(({ out }) => out).join('\n');
    };
    const runbooks = group.map((each) => [each, readRunbook(each)] as const);
    for (const [each, parts] of runbooks) {
      await eventually(async () => expect(await outputOf(parts, 'Diagnose')).toMatch(shownOn(seen, each)));
    }

    await mend();
    for (const [, parts] of runbooks) {
      for (const command of parts.get('Fix') ?? []) {
        const found = { ...placeholders, ...(await copied?.(command)) };
        // A step may need what the one before it has set off.
        await eventually(() => expectDone(command, found));
      }
    }

    for (const [each, parts] of runbooks) {
      await eventually(async () => expect(await outputOf(parts, 'Verify')).toMatch(shownOn(over, each)));
    }
  },
);

type Parts = ReturnType<typeof readRunbook>;

async function expectDone(command: string, placeholders: Placeholders): Promise<Answer> {
  const answer = await run(command, placeholders);
  expect({ command, ...answer }).toMatchObject({ command, code: 0 });
  return answer;
}
