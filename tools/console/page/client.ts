import type { Actions } from '../src/api.ts';

/** What the server answered instead of a result (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly title: string,
    readonly detail?: string,
  ) {
    super(detail ? `${title}: ${detail}` : title);
  }
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('The page has an error', String(error));

/** Sent with each action: another web page cannot know it. */
export const token = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="orderly-token"]')?.content ?? '';

const request = async <T>(path: string, init: RequestInit): Promise<T> => {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (Object(error).name === 'AbortError') throw error;
    throw new Problem('The console does not answer', 'Check in the terminal that it still runs.');
  }
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== undefined) return body as T;
  throw new Problem(
    typeof body?.title === 'string' ? body.title : `The console answered with ${response.status}`,
    typeof body?.detail === 'string' ? body.detail : text.slice(0, 300),
  );
};

interface ProblemDetails {
  readonly title?: unknown;
  readonly detail?: unknown;
}

const parse = (text: string): ProblemDetails | undefined => {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return undefined;
  }
};

/** @throws Problem when there is no answer, or one that is not OK */
export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  request<T>(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });

const post = <T>(path: string, body: unknown): Promise<T> =>
  request<T>(path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-orderly-token': token(),
    },
    body: JSON.stringify(body),
  });

type Act<Name extends keyof Actions> = (input: Actions[Name]['in']) => Promise<Actions[Name]['out']>;

const to =
  <Name extends keyof Actions>(path: string): Act<Name> =>
  (input) =>
    post(path, input);

const part = encodeURIComponent;

export const actions = {
  placeOrder: to<'placeOrder'>('/api/orders'),
  makeProducts: () => to<'makeProducts'>('/api/products')({}),
  cancelOrder: (orderId: string) => to<'cancelOrder'>(`/api/orders/${part(orderId)}/cancel`)({}),
  shipOrder: (orderId: string) => to<'shipOrder'>(`/api/orders/${part(orderId)}/ship`)({}),
  replayOrder: (orderId: string, input: Actions['replayOrder']['in']) =>
    to<'replayOrder'>(`/api/orders/${part(orderId)}/replay`)(input),
  redrive: to<'redrive'>('/api/dead-letters/redrive'),
  drop: to<'drop'>('/api/dead-letters/drop'),
  startFault: to<'startFault'>('/api/faults'),
  clearFaults: to<'clearFaults'>('/api/faults/clear'),
  stopService: (name: string) => to<'stopService'>(`/api/services/${part(name)}/stop`)({}),
  startService: (name: string) => to<'startService'>(`/api/services/${part(name)}/start`)({}),
  registerWebhook: to<'registerWebhook'>('/api/webhooks'),
  setWebhookStatus: (endpointId: string, input: Actions['setWebhookStatus']['in']) =>
    to<'setWebhookStatus'>(`/api/webhooks/${part(endpointId)}/status`)(input),
  deleteWebhook: (endpointId: string) => to<'deleteWebhook'>(`/api/webhooks/${part(endpointId)}/delete`)({}),
  rotateWebhookSecret: (endpointId: string) =>
    to<'rotateWebhookSecret'>(`/api/webhooks/${part(endpointId)}/secret`)({}),
  testWebhook: (endpointId: string) => to<'testWebhook'>(`/api/webhooks/${part(endpointId)}/test`)({}),
  retryWebhooks: to<'retryWebhooks'>('/api/webhooks/retry'),
  retryNotifications: to<'retryNotifications'>('/api/notifications/retry'),
} as const;
