import { randomUUID } from 'node:crypto';
import { WebhookId } from '@orderly/contracts';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import * as v from 'valibot';

export const noon = new Date('2026-01-31T12:00:00.000Z');
export const oneOClock = new Date('2026-01-31T13:00:00.000Z');

export const webhookId = (text: string = randomUUID()) => v.parse(WebhookId, text);

export const inContext = <T>(work: () => Promise<T>) =>
  inRequestContext({ correlationId: 'a-flow', causationId: 'a-cause' }, work);
