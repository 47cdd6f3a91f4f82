import type { Delivery, Endpoint } from '@orderly/client';
import { CALLER, type ServiceApis } from '../actions/service-apis.ts';
import type { WebhookAttempt, WebhookDelivery, WebhookDetail, WebhookEndpoint, WebhookList } from '../api.ts';
import { Ring } from '../history/ring.ts';
import type { LocalPlatform } from '../platform.ts';

/** The most that a page of the API has. */
const PAGE = 100;
const REMEMBERED = 50;

/** Answers as before until something was written. */
class Memory<Answer> {
  readonly #kept = new Ring<{ readonly writes: number; readonly answer: Promise<Answer> }>(REMEMBERED);

  /** @param writes how often was written until now; undefined where nobody knows */
  ask(key: string, writes: number | undefined, ask: () => Promise<Answer>): Promise<Answer> {
    const before = this.#kept.get(key);
    if (before !== undefined && before.writes === writes) return before.answer;
    const answer = ask();
    if (writes !== undefined) this.#kept.set(key, { writes, answer });
    answer.catch(() => this.#kept.delete(key));
    return answer;
  }
}

export interface DeliveryPage {
  readonly limit: number;
  readonly after: string | undefined;
}

/**
 * Reads endpoints and deliveries by the API of the webhooks service. While its table is not written to, an answer is given
 * again: each call runs a function, and an open page would fill the console's own counts and log lines with them.
 */
export class Webhooks {
  readonly #stage: string;
  readonly #local: LocalPlatform;
  readonly #apis: ServiceApis;
  readonly #lists = new Memory<WebhookList>();
  readonly #details = new Memory<WebhookDetail>();

  constructor(stage: string, local: LocalPlatform, apis: ServiceApis) {
    this.#stage = stage;
    this.#local = local;
    this.#apis = apis;
  }

  /** @throws Refusal when the service is not running */
  async list(): Promise<WebhookList> {
    this.#apis.client('webhooks');
    return this.#lists.ask('', this.#writes(), () => this.#list());
  }

  /** @throws Refusal when the service is not running, ProblemError when it does not have the endpoint */
  async one(endpointId: string, page: DeliveryPage): Promise<WebhookDetail> {
    this.#apis.client('webhooks');
    const key = JSON.stringify([endpointId, page.limit, page.after]);
    return this.#details.ask(key, this.#writes(), () => this.#one(endpointId, page));
  }

  async #list(): Promise<WebhookList> {
    const { webhooks } = this.#apis.client('webhooks');
    const { items } = await webhooks.listEndpoints({});
    const endpoints = await Promise.all(
      items.map(async (endpoint) => {
        const { endpointId } = endpoint;
        const { items: newest, nextCursor } = await webhooks.listDeliveries({ endpointId, limit: PAGE });
        return { ...toEndpoint(endpoint), recent: summarise(newest, nextCursor !== undefined) };
      }),
    );
    return { endpoints, ...(this.#local.issuer !== undefined && { tenant: CALLER }) };
  }

  async #one(endpointId: string, { limit, after }: DeliveryPage): Promise<WebhookDetail> {
    const { webhooks } = this.#apis.client('webhooks');
    const endpoint = await webhooks.getEndpoint({ endpointId });
    const deliveries: WebhookDelivery[] = [];
    let cursor = after;
    do {
      const size = Math.min(PAGE, limit - deliveries.length);
      const page = await webhooks.listDeliveries({ endpointId, limit: size, cursor });
      deliveries.push(...page.items.map((delivery) => this.#toDelivery(delivery)));
      cursor = page.nextCursor;
    } while (cursor !== undefined && deliveries.length < limit);
    return { endpoint: toEndpoint(endpoint), deliveries, ...(cursor !== undefined && { next: cursor }) };
  }

  #toDelivery({ eventId, nextAttemptAt, createdAt, attempts, ...delivery }: Delivery): WebhookDelivery {
    const published = this.#local.recorder.events.get(eventId);
    return {
      ...{ deliveryId: delivery.deliveryId, eventId, event: delivery.event, status: delivery.status },
      beganAt: Date.parse(createdAt),
      ...(nextAttemptAt !== undefined && { nextAttemptAt: Date.parse(nextAttemptAt) }),
      attempts: attempts.map(toAttempt),
      ...(published !== undefined && { orderId: published.subject }),
    };
  }

  /** Only writes to the embedded DynamoDB are seen. */
  #writes(): number | undefined {
    const { aws, recorder } = this.#local;
    return aws?.dynamodb === undefined ? undefined : recorder.items.writesTo(`${this.#stage}-webhooks`);
  }
}

const toEndpoint = ({ disabledAt, registeredAt, version: _, ...endpoint }: Endpoint): WebhookEndpoint => ({
  ...endpoint,
  registeredAt: Date.parse(registeredAt),
  ...(disabledAt !== undefined && { disabledAt: Date.parse(disabledAt) }),
});

const toAttempt = ({ at, ...attempt }: Delivery['attempts'][number]): WebhookAttempt => ({
  ...attempt,
  at: Date.parse(at),
});

const summarise = (
  newest: readonly Delivery[],
  more: boolean,
): WebhookList['endpoints'][number]['recent'] => {
  const count = (wanted: Delivery['status']): number =>
    newest.filter(({ status }) => status === wanted).length;
  const last = newest
    .flatMap(({ attempts }) => attempts.map(toAttempt))
    .reduce<WebhookAttempt | undefined>((a, b) => (a !== undefined && a.at > b.at ? a : b), undefined);
  return {
    ...{ deliveries: newest.length, waiting: count('PENDING'), failed: count('FAILED'), more },
    ...(last !== undefined && { lastAttempt: last }),
  };
};
