import { services } from '@orderly/local/services';
import type { QueueKind } from '../api.ts';

/** What a queue's name says (docs/architecture.md has the forms). */
export interface QueueNameParts {
  readonly kind: QueueKind;
  readonly topic?: string;
  readonly consumer?: string;
}

/**
 * Reads the name of a queue of a stage.
 * @param topics the topics there are
 */
export const readQueueName = (stage: string, name: string, topics: readonly string[]): QueueNameParts => {
  if (!name.startsWith(`${stage}-`)) return { kind: 'other' };
  const [first = '', ...rest] = name
    .slice(stage.length + 1)
    .replace(/\.fifo$/, '')
    .split('--');
  if (first === 'dlq') return readDeadLetterQueue(rest);
  if (services.includes(first) && rest.length > 0) return { kind: 'wake-ups', consumer: first };
  if (!topics.includes(first) || rest.length === 0) return { kind: 'other' };
  return { kind: 'subscription', topic: first, consumer: rest.join('--') };
};

const readDeadLetterQueue = ([topic = '', ...consumer]: readonly string[]): QueueNameParts => {
  if (consumer.length === 0) return { kind: 'parked', topic };
  if (consumer.join('--') === 'stream') return { kind: 'stream-failures', topic };
  if (services.includes(topic)) return { kind: 'dead-letters', consumer: topic };
  return { kind: 'dead-letters', topic, consumer: consumer.join('--') };
};
