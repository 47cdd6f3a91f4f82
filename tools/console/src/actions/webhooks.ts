import { randomUUID } from 'node:crypto';
import type { EventName } from '@orderly/client';
import * as v from 'valibot';
import type { Actions } from '../api.ts';
import { readInput } from '../http/input.ts';
import type { ServiceApis } from './service-apis.ts';

const EVENTS = [
  'OrderPlaced',
  'OrderConfirmed',
  'OrderRejected',
  'OrderCancelled',
  'OrderShipped',
] as const satisfies readonly EventName[];

const newEndpoint = v.object({
  url: v.string(),
  events: v.array(v.picklist(EVENTS)),
  description: v.optional(v.string()),
});
const newStatus = v.object({ status: v.picklist(['ENABLED', 'DISABLED']) });
const chosen = v.object({ deliveryIds: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(500)) });

/** Retries at once: each is a call of a function. */
const RETRIES_AT_ONCE = 10;

type Done<Name extends keyof Actions> = Promise<Actions[Name]['out']>;

/** Changes endpoints and their deliveries by the API of the webhooks service. All throw ProblemError when it refuses. */
export class WebhookActions {
  readonly #apis: ServiceApis;

  constructor(apis: ServiceApis) {
    this.#apis = apis;
  }

  /** @throws Refusal for what is no endpoint */
  async register(input: unknown): Done<'registerWebhook'> {
    const { url, events, description } = readInput(newEndpoint, input);
    const { endpointId, secret } = await this.#webhooks().registerEndpoint({
      idempotencyKey: randomUUID(),
      body: { url, events, ...(description && { description }) },
    });
    return { endpointId, secret };
  }

  async setStatus(endpointId: string, input: unknown): Done<'setWebhookStatus'> {
    const { status } = await this.#webhooks().changeEndpoint({
      endpointId,
      body: readInput(newStatus, input),
    });
    return { status };
  }

  async delete(endpointId: string): Done<'deleteWebhook'> {
    const { url } = await this.#webhooks().deleteEndpoint({ endpointId });
    return { url };
  }

  async rotateSecret(endpointId: string): Done<'rotateWebhookSecret'> {
    const { secret, previousExpiresAt } = await this.#webhooks().rotateSecret({ endpointId });
    return { secret, previousExpiresAt: Date.parse(previousExpiresAt) };
  }

  async test(endpointId: string): Done<'testWebhook'> {
    const { deliveryId } = await this.#webhooks().testEndpoint({ endpointId, idempotencyKey: randomUUID() });
    return { deliveryId };
  }

  /** Begins deliveries anew. @returns those that it could not, with the reasons */
  async retry(input: unknown): Done<'retryWebhooks'> {
    const { deliveryIds } = readInput(chosen, input);
    const webhooks = this.#webhooks();
    const waiting = [...deliveryIds];
    const refused: { deliveryId: string; reason: string }[] = [];
    const lane = async (): Promise<void> => {
      for (let deliveryId = waiting.shift(); deliveryId !== undefined; deliveryId = waiting.shift()) {
        try {
          await webhooks.retryDelivery({ deliveryId });
        } catch (error) {
          refused.push({ deliveryId, reason: error instanceof Error ? error.message : String(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: RETRIES_AT_ONCE }, lane));
    return { retried: deliveryIds.length - refused.length, refused };
  }

  #webhooks() {
    return this.#apis.client('webhooks').webhooks;
  }
}
