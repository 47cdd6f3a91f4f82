import rhea, { type Delivery, type Message, type Receiver, type Sender } from 'rhea';
import type { ServiceBusError } from '../errors.ts';

/** What rhea has and its types do not tell. */
interface Internals {
  readonly state: { local_open: boolean; open_requests: number };
  readonly credit: number;
  readonly local: {
    readonly attach: { max_message_size?: number; properties?: Readonly<Record<string, unknown>> };
  };
  readonly session: {
    readonly outgoing: {
      readonly next_delivery_id: number;
      readonly next_pending_delivery: number;
      available(): number;
    };
  };
}

interface Outcomes {
  accepted(): { described(): unknown };
  rejected(fields: { readonly error: object }): { described(): unknown };
}

interface Types {
  wrap_long(value: number | Buffer): unknown;
  wrap_array(values: readonly unknown[], code: number): unknown;
}

export type Link = Sender | Receiver;

const internals = (link: Link): Internals => link as unknown as Internals;
const outcomes = rhea.message as unknown as Outcomes;
const types = rhea.types as unknown as Types;

const LONG = 0x81;
const TIMESTAMP = 0x83;

export const encode = (message: object): Buffer => rhea.message.encode(message);
export const decode = (bytes: Buffer): Message => rhea.message.decode(bytes) as unknown as Message;
export const dataSection = (bytes: Buffer): unknown => rhea.message.data_section(bytes);
export const long = (value: number | Buffer): unknown => types.wrap_long(value);
export const longs = (values: readonly number[]): unknown => types.wrap_array(values, LONG);
export const timestamps = (values: readonly number[]): unknown => types.wrap_array(values, TIMESTAMP);
/** From 16 bytes to text, and back. */
export const uuidText = (bytes: Buffer): string => rhea.uuid_to_string(bytes);
export const uuidBytes = (text: string): Buffer => rhea.string_to_uuid(text);

/** .NET writes the first three parts of a GUID with their least significant byte first. */
export const guidBytes = (text: string): Buffer => {
  const bytes = Buffer.from(uuidBytes(text));
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
};

const amqpError = ({ condition, message }: ServiceBusError) => ({ condition, description: message });

/**
 * Refuses a link: it is attached without a source or target, and detached with the error.
 * Source: https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-transport-v1.0-os.html#section-links, figure 2.33
 */
export const refuse = (link: Link, error: ServiceBusError): void => link.close(amqpError(error));

/** Keeps back the answer to an attach, which rhea gives after its event. @returns gives it */
export const holdAttach = (link: Link): (() => void) => {
  const { state } = internals(link);
  state.local_open = false;
  state.open_requests -= 1;
  return () => link.attach();
};

export const setMaxMessageSize = (link: Link, bytes: number): void => {
  internals(link).local.attach.max_message_size = bytes;
};

export const setProperties = (link: Link, properties: Readonly<Record<string, unknown>>): void => {
  internals(link).local.attach.properties = properties;
};

/** How many messages may be sent now. rhea takes those off the credit that it has written, not those it was given. */
export const room = (sender: Sender): number => {
  const { credit, session } = internals(sender);
  const { next_delivery_id, next_pending_delivery } = session.outgoing;
  return Math.min(credit - (next_delivery_id - next_pending_delivery), session.outgoing.available());
};

interface Drainable {
  _draining: boolean;
  credit: number;
  delivery_count: number;
  _get_drain(): boolean;
}

/**
 * Has a link answer that its credit is used up whenever the receiver asks for it. rhea is silent where a message that crossed the
 * request has used the last credit, and then the receiver waits in vain, and closes the link.
 * Source: https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-transport-v1.0-os.html#doc-flow-control
 */
export const answerDrains = (sender: Sender): void => {
  const link = sender as unknown as Drainable;
  link._get_drain = () => {
    const isAsked = link._draining;
    link._draining = false;
    if (isAsked) {
      link.delivery_count += link.credit;
      link.credit = 0;
    }
    return isAsked;
  };
};

/** Confirms the receiver's settlement of a delivery, or says why it is void. */
export const confirm = (delivery: Delivery, error?: ServiceBusError): void => {
  const state = error ? outcomes.rejected({ error: amqpError(error) }) : outcomes.accepted();
  delivery.update(true, state.described());
  // Receivers that settle second send nothing after this, and rhea would keep the delivery for ever.
  (delivery as { remote_settled: boolean }).remote_settled = true;
};

export const reject = (delivery: Delivery, error: ServiceBusError): void => delivery.reject(amqpError(error));
