import { Agent } from 'node:http';
import type { Clock } from '@orderly/aws/clock';
import type { Broker } from './broker.ts';
import type { Delivery } from './message.ts';
import { pushContent, sendPush } from './push-request.ts';
import type { Subscription } from './subscription.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** The push window of Google grows from a few requests to 3,000 for each region; a laptop gets this many. */
const WINDOW = { first: 4, largest: 100 } as const;

interface PushOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly issuer: TokenIssuer;
}

/**
 * Pushes the messages of one subscription: one of an ordering key at a time, and as many requests at once as its window
 * allows, which grows with every acknowledgement and is halved by every failure.
 * Source: https://cloud.google.com/pubsub/docs/push#push_delivery_rate
 */
class Pusher {
  readonly #subscription: Subscription;
  readonly #options: PushOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stopped = new AbortController();
  readonly #stopReceiving: () => void;
  #window: number = WINDOW.first;
  #underWay = 0;

  constructor(subscription: Subscription, options: PushOptions) {
    this.#subscription = subscription;
    this.#options = options;
    this.#stopReceiving = subscription.onReady(() => this.#fill());
  }

  stop(): void {
    this.#stopReceiving();
    this.#stopped.abort();
    this.#agent.destroy();
  }

  #fill(): void {
    const messages = this.#window - this.#underWay;
    if (messages <= 0 || this.#stopped.signal.aborted || this.#options.broker.isFailing) return;
    for (const delivery of this.#subscription.take({ messages, perKey: 1 })) void this.#push(delivery);
  }

  async #push(delivery: Delivery): Promise<void> {
    this.#underWay += 1;
    const isAcknowledged = await this.#send(delivery);
    this.#underWay -= 1;
    if (this.#stopped.signal.aborted) return;
    if (isAcknowledged) {
      this.#window = Math.min(WINDOW.largest, this.#window + 1);
      this.#subscription.acknowledge([delivery.ackId]);
    } else {
      this.#window = Math.max(1, Math.floor(this.#window / 2));
      this.#subscription.modifyAckDeadline([delivery.ackId], 0);
    }
    this.#fill();
  }

  /** An answer that comes after the deadline is none. */
  async #send(delivery: Delivery): Promise<boolean> {
    const { name, push, ackDeadlineSeconds } = this.#subscription.settings;
    if (!push) return false;
    const late = new AbortController();
    const cancel = this.#options.clock.after(ackDeadlineSeconds * 1_000, () => late.abort());
    const signal = AbortSignal.any([late.signal, this.#stopped.signal]);
    const token = push.oidc && this.#options.issuer.token(push.oidc);
    try {
      return await sendPush(push.endpoint, pushContent(delivery, push, name), {
        agent: this.#agent,
        token,
        signal,
      });
    } finally {
      cancel();
    }
  }
}

/** Pushes for every subscription that has an endpoint, as subscriptions come, change and go. @returns ends it */
export const startPushing = (options: PushOptions): (() => void) => {
  const pushers = new Map<Subscription, Pusher>();
  const follow = (): void => {
    const present = new Set(options.broker.subscriptions().filter(({ settings }) => settings.push));
    for (const [subscription, pusher] of pushers) {
      if (present.has(subscription)) continue;
      pusher.stop();
      pushers.delete(subscription);
    }
    for (const subscription of present)
      if (!pushers.has(subscription)) pushers.set(subscription, new Pusher(subscription, options));
  };
  options.broker.onChange(follow);
  follow();
  return () => {
    for (const pusher of pushers.values()) pusher.stop();
    pushers.clear();
  };
};
