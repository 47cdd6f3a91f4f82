import { randomUUID } from 'node:crypto';
import { cloudUnderTest } from './cloud.ts';
import { localPlatform } from './platform.ts';

/** Who gets the poison: the orders service, by its subscription to inventory's events. */
const topic = 'inventory-events';
const type = 'orderly.stock.reserved.v1';
const isSqs = (): boolean => cloudUnderTest() === undefined;

const queueName = (prefix: string): string =>
  `${localPlatform().stage}-${prefix}${topic}--orders${isSqs() ? '.fifo' : ''}`;

/** The queue of its dead letters, as the console calls it. */
export const deadLetterQueue = (): string => queueName('dlq--');

/**
 * Sends a message that the orders service cannot read, as a broken publisher would.
 *
 * @returns restores what was changed for it
 * @throws Error when the broker refuses it
 */
export async function sendPoison(body: string): Promise<() => Promise<void>> {
  if (isSqs()) return sendToQueue(body);
  const { stage, broker } = localPlatform();
  const name = `${stage}-${topic}`;
  const url = broker?.url ?? '';
  await (cloudUnderTest() === 'azure'
    ? post(`${url}/${name}/messages`, body, {
        'content-type': 'application/cloudevents+json',
        brokerproperties: JSON.stringify({ SessionId: 'poison', Label: type, MessageId: randomUUID() }),
      })
    : post(`${url}/v1/projects/orderly/topics/${name}:publish`, toPubSub(body), {
        'content-type': 'application/json',
      }));
  return async () => undefined;
}

/** https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish */
const toPubSub = (body: string): string =>
  JSON.stringify({
    messages: [{ data: Buffer.from(body).toString('base64'), orderingKey: 'poison', attributes: { type } }],
  });

async function post(url: string, body: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
}

async function sendToQueue(body: string): Promise<() => Promise<void>> {
  // Its client needs an endpoint of SQS.
  const { queues } = await import('./queues.ts');
  const url = await queues.url(`${topic}--orders.fifo`);
  const dead = await queues.url(`dlq--${topic}--orders.fifo`);
  // Two tries instead of five: each takes a visibility timeout.
  const restore = await queues.giveUpAfter(url, dead, 2);
  await queues.send(url, body, randomUUID());
  return restore;
}
