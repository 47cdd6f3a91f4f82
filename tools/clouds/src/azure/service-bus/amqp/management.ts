import type { Message } from 'rhea';
import type { Broker } from '../broker.ts';
import { badArgument, type Condition, notImplemented, type ServiceBusError } from '../errors.ts';
import { PEEKED_MESSAGES } from '../limits.ts';
import type { MessageQueue } from '../message-queue.ts';
import { readMessage, readProperties, writeMessage } from './message.ts';
import { decode, longs, timestamps, uuidText } from './rhea.ts';

type Body = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const done: Answer = { status: 200 };

const requiredText = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw badArgument(`The request needs ${name}.`);
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const tokens = (body: Body): readonly string[] =>
  list(body['lock-tokens']).map((bytes) => uuidText(bytes as Buffer));

const number = (value: unknown): number =>
  Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value);

const sessionOf = (queue: MessageQueue, body: Body) =>
  queue.sessions.lockOf(requiredText(body, 'session-id'));

const peek = (queue: MessageQueue, body: Body): Answer => {
  const sessionId = body['session-id'] === undefined ? undefined : requiredText(body, 'session-id');
  const maximum = Math.min(number(body['message-count']), PEEKED_MESSAGES);
  const messages = queue.peek(number(body['from-sequence-number']), maximum, sessionId);
  if (messages.length === 0) return { status: 204 };
  const options = { omitBody: body['omit-message-body'] === true };
  return {
    status: 200,
    body: { messages: messages.map((each) => ({ message: writeMessage(each, options) })) },
  };
};

const updateDisposition = (queue: MessageQueue, body: Body): Answer => {
  const properties = readProperties(body['properties-to-modify']);
  const reason = { reason: body['deadletter-reason'], description: body['deadletter-description'] };
  for (const token of tokens(body)) {
    const status = body['disposition-status'];
    if (status === 'completed') queue.complete(token);
    else if (status === 'abandoned') queue.abandon(token, properties);
    else if (status === 'suspended')
      queue.deadLetter(token, reason as { reason?: string; description?: string }, properties);
    else throw notImplemented(`the disposition ${String(status)}`);
  }
  return done;
};

const setState = (queue: MessageQueue, body: Body): Answer => {
  const state = body['session-state'];
  queue.sessions.setState(sessionOf(queue, body), Buffer.isBuffer(state) ? state : undefined);
  return done;
};

/** Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response */
const QUEUE_OPERATIONS: Readonly<Record<string, (queue: MessageQueue, body: Body) => Answer>> = {
  'com.microsoft:peek-message': peek,
  'com.microsoft:renew-lock': (queue, body) => ({
    status: 200,
    body: { expirations: timestamps(tokens(body).map((token) => queue.renew(token))) },
  }),
  'com.microsoft:renew-session-lock': (queue, body) => ({
    status: 200,
    body: { expiration: new Date(queue.sessions.renew(sessionOf(queue, body))) },
  }),
  'com.microsoft:get-session-state': (queue, body) => ({
    status: 200,
    body: { 'session-state': queue.sessions.state(sessionOf(queue, body)) ?? null },
  }),
  'com.microsoft:set-session-state': setState,
  'com.microsoft:update-disposition': updateDisposition,
};

const INTAKE_OPERATIONS: Readonly<Record<string, (broker: Broker, name: string, body: Body) => Answer>> = {
  'com.microsoft:schedule-message': (broker, name, body) => {
    const messages = list(body.messages).map((each) => readMessage(decode(Object(each).message)));
    return { status: 200, body: { 'sequence-numbers': longs(broker.publish(name, messages)) } };
  },
  'com.microsoft:cancel-scheduled-message': (broker, name, body) => {
    broker.intake(name).cancel(list(body['sequence-numbers']).map(number));
    return done;
  },
};

const STATUS: Readonly<Partial<Record<Condition, number>>> = {
  'amqp:not-found': 404,
  'amqp:not-implemented': 501,
  'amqp:internal-error': 500,
  'com.microsoft:message-lock-lost': 410,
  'com.microsoft:message-not-found': 404,
  'com.microsoft:session-lock-lost': 410,
  'com.microsoft:server-busy': 503,
};

/**
 * Does what a request to an entity's `$management` node asks.
 * @throws ServiceBusError by name for an operation that is not implemented
 */
export const manage = (broker: Broker, entity: string, request: Message): object => {
  broker.check();
  const operation = String(Object(request.application_properties).operation);
  const body = Object(request.body) as Body;
  const onIntake = INTAKE_OPERATIONS[operation];
  const onQueue = QUEUE_OPERATIONS[operation];
  if (onIntake) return respond(request, onIntake(broker, entity, body));
  if (onQueue) return respond(request, onQueue(broker.queue(entity), body));
  throw notImplemented(operation);
};

const respond = (request: Message, { status, body }: Answer): object => ({
  correlation_id: request.message_id,
  application_properties: { statusCode: status, statusDescription: status === 204 ? 'No Content' : 'OK' },
  body,
});

export const respondError = (request: Message, { condition, message }: ServiceBusError): object => ({
  correlation_id: request.message_id,
  application_properties: {
    statusCode: STATUS[condition] ?? 400,
    statusDescription: message,
    errorCondition: condition,
  },
  body: undefined,
});

/**
 * Takes every token: signatures are not checked.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#claims-based-authorization
 */
export const acceptToken = (request: Message): object => ({
  correlation_id: request.message_id,
  application_properties: { 'status-code': 202, 'status-description': 'Accepted' },
  body: undefined,
});
