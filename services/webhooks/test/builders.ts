import { randomUUID } from 'node:crypto';
import { EndpointId } from '@orderly/contracts';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import * as v from 'valibot';
import type { Attempt } from '../src/domain/attempt.ts';
import { type Endpoint, register } from '../src/domain/endpoint.ts';

export const noon = new Date('2026-01-31T12:00:00.000Z');

export const after = (ms: number, from = noon): Date => new Date(from.getTime() + ms);

export const endpointId = (id: string = randomUUID()) => v.parse(EndpointId, id);

export const anEndpoint = (more: Partial<Endpoint> = {}): Endpoint => ({
  ...register(
    endpointId(),
    'billing',
    { url: 'https://hooks.example.com/orderly', events: ['OrderPlaced'] },
    { sealed: 'first' },
    noon,
  ).endpoint,
  ...more,
});

export const answered = (status: number): Attempt => ({
  outcome: 'answered',
  status,
  answer: 'an answer',
  durationMs: 40,
});

export const unanswered: Attempt = {
  outcome: 'unanswered',
  reason: 'The connection was refused',
  durationMs: 3,
};

/** Runs what writes events, outside of a function. */
export const inContext = <T>(work: () => T): T =>
  inRequestContext({ correlationId: 'a-flow', causationId: 'a-cause' }, work);
