import type { Actions, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookRow } from '../../src/api.ts';
import { count, counted, duration } from './format.ts';

/** The form of an endpoint as it was typed. */
export interface WebhookDraft {
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string;
}

/** The endpoint, or what is missing, in a sentence. Whether the URL leads somewhere, the service decides. */
export const checkWebhook = (
  draft: WebhookDraft,
):
  | { readonly outcome: 'complete'; readonly endpoint: Actions['registerWebhook']['in'] }
  | { readonly outcome: 'incomplete'; readonly why: string } => {
  const url = draft.url.trim();
  const description = draft.description.trim();
  if (!URL.canParse(url)) return { outcome: 'incomplete', why: 'Enter a URL.' };
  if (draft.events.length === 0) return { outcome: 'incomplete', why: 'Choose an event.' };
  return {
    outcome: 'complete',
    endpoint: { url, events: draft.events, ...(description ? { description } : {}) },
  };
};

export const toggled = (names: readonly string[], name: string): readonly string[] =>
  names.includes(name) ? names.filter((other) => other !== name) : [...names, name];

const WHY_DISABLED = {
  OWNER: 'by its owner',
  GONE: 'it has answered 410, that it is gone',
  FAILING: 'every attempt has failed for days',
} as const satisfies Record<NonNullable<WebhookEndpoint['disabledReason']>, string>;

/** Why it is disabled; '' when it is not. */
export const whyDisabled = ({ disabledReason }: WebhookEndpoint): string =>
  disabledReason === undefined ? '' : WHY_DISABLED[disabledReason];

export const isGood = ({ status = 0 }: WebhookAttempt): boolean => status >= 200 && status < 300;

/** What came of an attempt: `503 in 41 ms`, `connection refused, after 2 ms`. */
export const attemptText = ({ status, reason = 'no answer', durationMs }: WebhookAttempt): string =>
  status === undefined ? `${reason}, after ${duration(durationMs)}` : `${status} in ${duration(durationMs)}`;

/** `2 wait, 1 failed, of 7`; of the newest ones where there are more. */
export const recentText = ({ deliveries, more, waiting, failed }: WebhookRow['recent']): string => {
  if (deliveries === 0) return 'none yet';
  const parts = [waiting > 0 ? `${count(waiting)} wait` : '', failed > 0 ? `${count(failed)} failed` : ''];
  const all = more ? `the newest ${count(deliveries)}` : counted(deliveries, 'delivery', 'deliveries');
  const told = parts.filter(Boolean).join(', ');
  return told ? `${told}, of ${all}` : `${all}, all delivered`;
};

/** Those of a status; all without one. */
export const withStatus = (
  deliveries: readonly WebhookDelivery[],
  status: string,
): readonly WebhookDelivery[] =>
  status ? deliveries.filter((delivery) => delivery.status === status) : deliveries;
