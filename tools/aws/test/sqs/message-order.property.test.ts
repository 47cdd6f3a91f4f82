import * as fc from 'fast-check';
import { type Message, SqsUnderTest } from './sqs-under-test.ts';

const VISIBILITY_SECONDS = 30;
const GROUPS = ['a', 'b', 'c'];

/** What clients do, at random. `pick` chooses among the messages that were received. */
type Step =
  | { readonly does: 'send'; readonly group: string }
  | { readonly does: 'receive'; readonly maximum: number }
  | { readonly does: 'delete' | 'show'; readonly pick: number }
  | { readonly does: 'wait'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('send'), group: fc.constantFrom(...GROUPS) }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('receive'), maximum: fc.integer({ min: 1, max: 10 }) }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('delete', 'show'), pick: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 20 }) }),
  },
);

interface Modelled {
  readonly body: string;
  readonly group: string;
  /** In flight until then. */
  hiddenUntil: number;
  receives: number;
}

/** What AWS promises, as simply as it can be said: every message in one list. */
class Model {
  messages: Modelled[] = [];
  sent = 0;

  isHidden(message: Modelled, now: number): boolean {
    return message.hiddenUntil > now;
  }

  /** The messages of a group that may come next, in order; none while one of the group is in flight. */
  available(group: string, now: number): readonly string[] {
    const all = this.messages.filter((message) => message.group === group);
    return all.some((message) => this.isHidden(message, now)) ? [] : all.map(({ body }) => body);
  }

  find(body: string): Modelled {
    const message = this.messages.find((each) => each.body === body);
    if (!message) throw new Error(`${body} was handed out after it was deleted, or was never sent.`);
    return message;
  }
}

class Run {
  readonly sqs = new SqsUnderTest();
  readonly model = new Model();
  /** The last receive of each message that is in flight. */
  readonly held = new Map<string, Message>();
  readonly #fifo: boolean;
  #url = '';

  constructor(fifo: boolean) {
    this.#fifo = fifo;
  }

  async start(): Promise<void> {
    const VisibilityTimeout = String(VISIBILITY_SECONDS);
    this.#url = await this.sqs.create(this.#fifo ? 'orders.fifo' : 'orders', { VisibilityTimeout });
  }

  async do(next: Step): Promise<void> {
    if (next.does === 'send') await this.#send(next.group);
    else if (next.does === 'receive') await this.#receive(next.maximum);
    else if (next.does === 'wait') this.#wait(next.seconds);
    else await this.#settle(next.does, next.pick);
    await this.#compareCounts();
  }

  /** Receives and deletes until nothing is left: nothing was lost. */
  async finish(): Promise<void> {
    this.#wait(VISIBILITY_SECONDS);
    for (const _ of this.model.messages.slice()) {
      await this.#receive(10);
      while (this.held.size > 0) await this.#settle('delete', 0);
    }
    expect(this.model.messages).toEqual([]);
    expect(await this.sqs.receive(this.#url)).toEqual([]);
  }

  async #send(group: string): Promise<void> {
    this.model.sent += 1;
    const body = `${group}${this.model.sent}`;
    if (this.#fifo) await this.sqs.sendTo(this.#url, group, body);
    else await this.sqs.send(this.#url, body, { MessageGroupId: group });
    this.model.messages.push({ body, group, hiddenUntil: 0, receives: 0 });
  }

  async #receive(maximum: number): Promise<void> {
    const now = this.sqs.clock.now();
    const available = new Map(GROUPS.map((group) => [group, this.model.available(group, now)]));
    const visible = this.model.messages.filter((message) => !this.model.isHidden(message, now)).length;
    const messages = await this.sqs.receive(this.#url, { MaxNumberOfMessages: maximum });
    const bodies = messages.map(({ Body }) => Body);
    expect(new Set(bodies).size).toBe(bodies.length);
    if (this.#fifo) {
      for (const [group, expected] of available) {
        const received = bodies.filter((body) => body.startsWith(group));
        expect(received).toEqual(expected.slice(0, received.length));
      }
      expect(bodies).toHaveLength(Math.min(maximum, [...available.values()].flat().length));
    } else expect(bodies).toHaveLength(Math.min(maximum, visible));
    for (const message of messages) this.#hold(message, now);
  }

  #hold(message: Message, now: number): void {
    const modelled = this.model.find(message.Body);
    expect(this.model.isHidden(modelled, now)).toBe(false);
    modelled.hiddenUntil = now + VISIBILITY_SECONDS * 1_000;
    modelled.receives += 1;
    expect(message.Attributes?.ApproximateReceiveCount).toBe(String(modelled.receives));
    this.held.set(message.Body, message);
  }

  async #settle(does: 'delete' | 'show', pick: number): Promise<void> {
    const held = [...this.held.values()];
    const message = held[pick % Math.max(1, held.length)];
    if (!message) return;
    this.held.delete(message.Body);
    if (does === 'show') {
      await this.sqs.hide(this.#url, message, 0);
      this.model.find(message.Body).hiddenUntil = 0;
      return;
    }
    await this.sqs.delete(this.#url, message);
    this.model.messages = this.model.messages.filter(({ body }) => body !== message.Body);
  }

  #wait(seconds: number): void {
    this.sqs.clock.advance(seconds * 1_000);
    const now = this.sqs.clock.now();
    for (const body of this.held.keys())
      if (!this.model.isHidden(this.model.find(body), now)) this.held.delete(body);
  }

  async #compareCounts(): Promise<void> {
    const now = this.sqs.clock.now();
    const hidden = this.model.messages.filter((message) => this.model.isHidden(message, now)).length;
    expect(await this.sqs.attributes(this.#url)).toMatchObject({
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      ApproximateNumberOfMessages: String(this.model.messages.length - hidden),
    });
  }
}

describe.each([
  [
    'FIFO queue: a group keeps its order and is blocked while in flight, and nothing is lost or handed out twice at once',
    true,
  ],
  ['Standard queue: nothing is lost or handed out twice at once', false],
])('%s', (_name, fifo) => {
  it('whatever clients do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const run = new Run(fifo);
        await run.start();
        for (const each of steps) await run.do(each);
        await run.finish();
      }),
      { numRuns: 200 },
    );
  });
});
