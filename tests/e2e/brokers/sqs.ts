import { randomUUID } from 'node:crypto';
import { type Queues, takeMessages } from '@orderly/support/queues';
import { type Broker, waitMs } from './broker.ts';

/** Queues of SQS. */
export const sqsBroker = (queues: Queues): Broker => ({
  async subscribe({ topic, subscriber, isOrdered, types = [] }) {
    const url = await queues.create(`${topic}--${subscriber}${isOrdered ? '.fifo' : ''}`, types);
    return {
      async receive() {
        const messages = await takeMessages(queues.sqs, url, { waitSeconds: waitMs / 1_000 });
        return messages.map(({ Body = '' }) => Body);
      },
      close: () => queues.delete(url),
    };
  },
  async send(topic, consumer, { subject = randomUUID(), body }) {
    await queues.send(await queues.url(`${topic}--${consumer}.fifo`), body, subject);
  },
  async giveUpSoon(topic, consumer) {
    const [url, dead] = [
      await queues.url(`${topic}--${consumer}.fifo`),
      await queues.url(`dlq--${topic}--${consumer}.fifo`),
    ];
    return queues.giveUpAfter(url, dead, 2);
  },
  async takeDeadLetters(topic, consumer) {
    const messages = await queues.drain(await queues.url(`dlq--${topic}--${consumer}.fifo`));
    return messages.map(({ Body = '' }) => Body);
  },
  close: async () => queues.sqs.destroy(),
});
