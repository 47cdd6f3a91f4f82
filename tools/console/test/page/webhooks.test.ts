import {
  attemptText,
  checkWebhook,
  recentText,
  toggled,
  whyDisabled,
  withStatus,
} from '../../page/model/webhooks.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../src/api.ts';

describe('The form of an endpoint', () => {
  const draft = { url: ' http://127.0.0.1:8080/hook ', events: ['OrderPlaced'], description: ' Billing ' };

  it('is complete with a URL and an event', () => {
    expect(checkWebhook(draft)).toEqual({
      outcome: 'complete',
      endpoint: { url: 'http://127.0.0.1:8080/hook', events: ['OrderPlaced'], description: 'Billing' },
    });
    expect(checkWebhook({ ...draft, description: ' ' })).toEqual({
      outcome: 'complete',
      endpoint: { url: 'http://127.0.0.1:8080/hook', events: ['OrderPlaced'] },
    });
  });

  it.each([
    [{ url: '' }, 'Enter a URL.'],
    [{ url: 'example.com' }, 'Enter a URL.'],
    [{ events: [] }, 'Choose an event.'],
  ])('says what is missing with %j', (change, why) => {
    expect(checkWebhook({ ...draft, ...change })).toEqual({ outcome: 'incomplete', why });
  });

  it('adds an event that is chosen and removes one that is chosen again', () => {
    expect(toggled(['A'], 'B')).toEqual(['A', 'B']);
    expect(toggled(['A', 'B'], 'A')).toEqual(['B']);
  });
});

describe('An endpoint', () => {
  const endpoint: WebhookEndpoint = {
    ...{ endpointId: 'e', url: 'https://example.com', events: [], status: 'DISABLED', registeredAt: 0 },
  };

  it.each([
    [{}, ''],
    [{ disabledReason: 'OWNER' }, 'by its owner'],
    [{ disabledReason: 'GONE' }, 'it has answered 410, that it is gone'],
    [{ disabledReason: 'FAILING' }, 'every attempt has failed for days'],
  ] as const)('with %j says why it is disabled', (change, why) => {
    expect(whyDisabled({ ...endpoint, ...change })).toBe(why);
  });

  it.each([
    [{ deliveries: 0, more: false, waiting: 0, failed: 0 }, 'none yet'],
    [{ deliveries: 1, more: false, waiting: 0, failed: 0 }, '1 delivery, all delivered'],
    [{ deliveries: 7, more: false, waiting: 2, failed: 1 }, '2 wait, 1 failed, of 7 deliveries'],
    [{ deliveries: 100, more: true, waiting: 0, failed: 3 }, '3 failed, of the newest 100'],
  ])('with %j says how its deliveries are', (recent, text) => {
    expect(recentText(recent)).toBe(text);
  });
});

describe('A delivery', () => {
  it.each([
    [{ at: 0, durationMs: 41, status: 503, answer: 'Down' }, '503 in 41 ms'],
    [
      { at: 0, durationMs: 2, reason: 'The connection was refused' },
      'The connection was refused, after 2 ms',
    ],
  ])('says what came of the attempt %j', (attempt, text) => {
    expect(attemptText(attempt)).toBe(text);
  });

  it('is selected by its status', () => {
    const delivery = (deliveryId: string, status: WebhookDelivery['status']): WebhookDelivery => ({
      ...{ deliveryId, status, eventId: deliveryId, event: 'OrderPlaced', beganAt: 0, attempts: [] },
    });
    const all = [delivery('a', 'FAILED'), delivery('b', 'DELIVERED'), delivery('c', 'FAILED')];
    expect(withStatus(all, '')).toBe(all);
    expect(withStatus(all, 'FAILED').map(({ deliveryId }) => deliveryId)).toEqual(['a', 'c']);
  });
});
