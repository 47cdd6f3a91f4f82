import type { JsonSchema } from '../contracts/json-schema.ts';
import type { Event, QueueSettings, Service } from './platform.ts';

const ref = (...path: readonly string[]) => ({ $ref: `#/${path.join('/')}` });

/** `orderly.order.placed.v1` as a key of the document: `OrderPlaced.v1`. */
const keyOf = ({ name, type }: Event): string => `${name}.${type.slice(type.lastIndexOf('.') + 1)}`;

/**
 * The events as an AsyncAPI 3 document (https://www.asyncapi.com/docs/reference/specification/v3.1.0): topics are
 * channels, each service sends to its own and receives from that of its subscription.
 *
 * @param version of the contracts
 */
export function asyncApiOf(
  services: readonly Service[],
  events: readonly Event[],
  { queue, version }: { readonly queue: QueueSettings; readonly version: string },
): object {
  const topics = [...new Set(events.map(({ topic }) => topic))];
  const inTopic = (topic: string) => events.filter((event) => event.topic === topic);
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Orderly events',
      version,
      description:
        'Changes of orders, stock and notifications, as CloudEvents 1.0 in JSON (structured mode). To subscribe to a ' +
        'topic, create a queue whose name begins with that of the topic: see docs/subscribing.md.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      tags: topics.map((name) => ({ name })),
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(topics.map((topic) => [topic, channelOf(topic, inTopic(topic), queue)])),
    operations: Object.fromEntries(services.flatMap((service) => operationsOf(service, events))),
    components: {
      messages: Object.fromEntries(events.map((event) => [keyOf(event), messageOf(event)])),
      schemas: {
        CloudEvent: envelopeOf(events),
        ...Object.fromEntries(events.map((event) => [`${keyOf(event)}.data`, propertiesOf(event).data])),
      },
    },
  };
}

function channelOf(topic: string, events: readonly Event[], settings: QueueSettings): object {
  const highThroughput = {
    fifoQueue: true,
    deduplicationScope: 'messageGroup',
    fifoThroughputLimit: 'perMessageGroupId',
  };
  const failures = `{stage}-dlq--${topic}--{consumer}.fifo`;
  return {
    address: `{stage}-${topic}--{consumer}.fifo`,
    title: topic,
    description:
      `Each consumer of ${topic} has its own queue. The message group is \`subject\`, or its SHA-256 (base64url) where ` +
      'SQS does not allow it; the deduplication id is `id`. A queue without the suffix `.fifo` is a standard queue and ' +
      'receives the events in any order.',
    parameters: {
      stage: { description: 'The stage of the platform', examples: ['dev', 'prod'] },
      consumer: { description: 'The owner of the queue', examples: ['loyalty'] },
    },
    messages: Object.fromEntries(
      events.map((event) => [keyOf(event), ref('components', 'messages', keyOf(event))]),
    ),
    tags: [{ name: topic }],
    bindings: {
      sqs: {
        queue: {
          name: `{stage}-${topic}--{consumer}.fifo`,
          ...highThroughput,
          visibilityTimeout: settings.visibilityTimeout,
          messageRetentionPeriod: settings.retentionSeconds,
          redrivePolicy: { deadLetterQueue: { name: failures }, maxReceiveCount: settings.maxReceiveCount },
          tags: { 'orderly:events': events.map(({ name }) => name).join(' ') },
        },
        deadLetterQueue: {
          name: failures,
          ...highThroughput,
          messageRetentionPeriod: settings.retentionSeconds,
        },
        bindingVersion: '0.2.0',
      },
    },
  };
}

type Operation = readonly [key: string, operation: object];

function operationsOf(
  { name, topic, subscription }: Service,
  events: readonly Event[],
): readonly Operation[] {
  const messages = (of: string, names?: readonly string[]) =>
    events
      .filter((event) => event.topic === of && (names?.includes(event.name) ?? true))
      .map((event) => ref('channels', of, 'messages', keyOf(event)));
  const operations: Operation[] = [];
  if (topic !== undefined) {
    const send = {
      action: 'send',
      title: `${name} publishes`,
      summary: `The ${name} service publishes its changes.`,
      channel: ref('channels', topic),
      messages: messages(topic),
      tags: [{ name: topic }],
    };
    operations.push([`${name}.send`, send]);
  }
  if (subscription !== undefined) {
    const receive = {
      action: 'receive',
      title: `${name} subscribes`,
      summary: `The ${name} service consumes ${subscription.topic}.`,
      channel: ref('channels', subscription.topic),
      messages: messages(subscription.topic, subscription.events),
      tags: [{ name: subscription.topic }],
    };
    operations.push([`${name}.receive`, receive]);
  }
  return operations;
}

function messageOf(event: Event): object {
  const { name, description, topic, type, schema, example } = event;
  return {
    name: type,
    title: name,
    summary: description,
    contentType: 'application/cloudevents+json',
    tags: [{ name: topic }],
    payload: {
      allOf: [
        ref('components', 'schemas', 'CloudEvent'),
        {
          type: 'object',
          required: ['type', 'dataschema', 'data'],
          properties: {
            type: { const: type },
            dataschema: { const: schema.$id },
            data: ref('components', 'schemas', `${keyOf(event)}.data`),
          },
        },
      ],
    },
    examples: [{ name, summary: `A valid ${name}`, payload: example }],
  };
}

/** The envelope, which all events share. @throws Error when they do not */
function envelopeOf(events: readonly Event[]): object {
  const envelopes = new Set(
    events.map((event) => {
      const { type: _type, data: _data, ...attributes } = propertiesOf(event);
      const required = (event.schema.required as readonly string[]).filter((name) => name in attributes);
      const description = 'The context attributes of CloudEvents 1.0, and the extensions of Orderly.';
      return JSON.stringify({ type: 'object', description, required, properties: attributes });
    }),
  );
  const [envelope, ...others] = envelopes;
  if (envelope === undefined || others.length > 0) throw new Error('Not all events have the same envelope');
  return JSON.parse(envelope) as object;
}

function propertiesOf({ schema }: Event): Readonly<Record<string, JsonSchema>> {
  return schema.properties as Readonly<Record<string, JsonSchema>>;
}
