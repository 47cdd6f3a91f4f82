import * as v from 'valibot';
import type { Schema } from './parse.ts';

/** A service's stream of events. */
export type Topic = 'order-events' | 'inventory-events' | 'notification-events' | 'webhook-events';

const typePattern = /^orderly\.([a-z]+)\.([a-z]+)\.v([1-9]\d*)$/;
/** Of an aggregate whose name has several words. Released schemas allow only the pattern above in `replacedby`. */
const longTypePattern = /^orderly\.([a-z]+(?:-[a-z]+)+)\.([a-z]+)\.v([1-9]\d*)$/;
const readType = (type: string) => typePattern.exec(type) ?? longTypePattern.exec(type);

const identifier = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/**
 * The envelope: CloudEvents 1.0 in JSON structured mode (https://github.com/cloudevents/spec, v1.0.2)
 * with the extensions below `dataschema`.
 */
const envelope = {
  specversion: v.pipe(v.literal('1.0'), v.description('The version of CloudEvents.')),
  id: v.pipe(
    v.string(),
    v.uuid(),
    v.description(
      'UUIDv7, assigned when the event is written; the same on every delivery. UUIDv8 when a replay derived the event from the current state.',
    ),
  ),
  source: v.pipe(
    v.string(),
    v.regex(/^orderly\/[a-z-]+$/),
    v.description('The service that publishes the event: orderly/<service>.'),
  ),
  subject: v.pipe(identifier, v.description('The id of the aggregate that changed.')),
  time: v.pipe(v.string(), v.isoTimestamp(), v.description('When the change happened.')),
  datacontenttype: v.pipe(v.literal('application/json'), v.description('The media type of `data`.')),
  dataschema: v.pipe(v.string(), v.description('The URI of the JSON Schema of this event.')),
  sequence: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.description(
      'The version of the aggregate after the change. Among events of one source and subject, a lower sequence is older.',
    ),
  ),
  correlationid: v.pipe(identifier, v.description('Shared by all events that result from one request.')),
  causationid: v.pipe(identifier, v.description('The id of the event or request that caused this one.')),
  // https://www.w3.org/TR/trace-context/#traceparent-header
  traceparent: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
      v.description('The trace that the change belongs to (W3C Trace Context).'),
    ),
  ),
  // See `inBothVersions`.
  replacedby: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(typePattern),
      v.description('The type of the later version in which the same change is also published.'),
    ),
  ),
  orderlyreplay: v.exactOptional(
    v.pipe(
      v.boolean(),
      v.description('True when a replay publishes the current state again; nothing has changed.'),
    ),
  ),
};

type Envelope = Readonly<v.InferOutput<v.ObjectSchema<typeof envelope, undefined>>>;

/** An event as it is published. */
export type CloudEvent<Type extends string = string, Data = unknown> = Envelope & {
  readonly type: Type;
  readonly data: Data;
};

/** An event as the domain returns it. The envelope is added when the event is written. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly dataschema: string;
  readonly data: Data;
  /** The type of the later version in which the same change is also published. */
  readonly replacedby?: string;
}

/** `T` with plain strings and numbers in place of branded ones; the schema checks them. */
export type Plain<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends object
      ? { readonly [Key in keyof T]: Plain<T[Key]> }
      : T;

/** The version before, with an upcaster: it turns that version's data into data of this version. */
export interface PreviousVersion {
  readonly definition: EventDefinition;
  upcast(data: unknown): unknown;
}

export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly topic: Topic;
  readonly type: Type;
  /** The name subscribers filter by, e.g. `OrderPlaced`: the type without its namespace and version. */
  readonly name: string;
  /** What the event means, in a sentence. */
  readonly description: string | undefined;
  /** A URI that ends in the name of the schema's file. */
  readonly dataschema: string;
  /** Checks a whole event, envelope and data. */
  readonly schema: Schema<CloudEvent<Type, Data>>;
  /** Whether `schema` accepts an event and would return an equal one. Readers then need no copy. */
  readonly isExact?: (event: unknown) => boolean;
  /** Absent for a first version, and once no events of the version before are left. */
  readonly previous?: PreviousVersion;
  /** An event with this `data`, without its envelope. */
  of(data: Data): NewEvent<Type, Data>;
}

/** The event that a definition defines: `EventOf<typeof OrderPlaced>`. */
export type EventOf<D> = D extends EventDefinition<infer Type, infer Data> ? CloudEvent<Type, Data> : never;

/** The data of the event that a definition defines. */
export type DataOf<D> = EventOf<D>['data'];

/**
 * `orderly.order.placed.v1` is named `OrderPlaced`, and `orderly.webhook-endpoint.disabled.v1` `WebhookEndpointDisabled`. A
 * type of another shape is its own name.
 */
export function eventName(type: string): string {
  const [, aggregate, happened] = readType(type) ?? [];
  return aggregate === undefined || happened === undefined ? type : capital(aggregate) + capital(happened);
}

/**
 * Defines one version of an event; its TypeScript type, its run-time check and its documents derive from this.
 *
 * @param definition.type `orderly.<aggregate>.<what happened>.v<major>`
 * @param definition.description what the event means, in one sentence
 * @param definition.data the schema of `data`; within a version only additions that old readers ignore
 * @param definition.isExact its check in exact-checks.ts, which `npm run contracts:build` writes; without it, `schema`
 * reads every event, which takes several times as long
 * @param definition.previous the version before and an upcaster: readers of this version then also read that one
 * @throws TypeError when the type is not of that form, or `previous` is not the version before
 */
// The call throws only on a programming mistake, which a test shows; so bundlers may drop an unused event.
/* @__NO_SIDE_EFFECTS__ */
export function defineEvent<const Type extends string, Data, Before = never>(definition: {
  readonly topic: Topic;
  readonly type: Type;
  readonly description?: string;
  readonly data: Schema<Data>;
  readonly isExact?: (event: unknown) => boolean;
  readonly previous?: {
    readonly definition: EventDefinition<string, Before>;
    readonly upcast: (data: Before) => Plain<Data>;
  };
}): EventDefinition<Type, Data> {
  const { topic, type, description, isExact, previous } = definition;
  const version = versionOf(type);
  if (version === undefined) {
    throw new TypeError(
      `Event type "${type}" is not of the form orderly.<aggregate>.<what happened>.v<major>`,
    );
  }
  const name = eventName(type);
  const before = previous?.definition;
  if (
    before !== undefined &&
    (before.name !== name || before.topic !== topic || versionOf(before.type) !== version - 1)
  ) {
    throw new TypeError(`${before.type} of ${before.topic} is not the version before ${type} of ${topic}`);
  }
  const dataschema = `urn:orderly:schemas:${type}.json`;
  return {
    topic,
    type,
    name,
    description,
    dataschema,
    schema: v.object({ ...envelope, type: v.literal(type), data: definition.data }),
    ...(isExact !== undefined && { isExact }),
    ...(previous !== undefined && { previous }),
    of: (data) => ({ type, dataschema, data }),
  };
}

/**
 * One change published in two versions, for as long as the old one has readers. The older event names the newer
 * one, so that a reader of both handles the change once.
 *
 * @returns both events, for the outbox of the write that makes the change
 * @throws TypeError when they are not two versions of the same event, the older one first, or when the name of their
 * aggregate has several words: `replacedby` cannot hold such a type
 */
export function inBothVersions(older: NewEvent, newer: NewEvent): readonly [NewEvent, NewEvent] {
  const [from, to] = [versionOf(older.type), versionOf(newer.type)];
  if (
    eventName(older.type) !== eventName(newer.type) ||
    from === undefined ||
    to === undefined ||
    from >= to
  ) {
    throw new TypeError(`${older.type} is no earlier version of ${newer.type}`);
  }
  if (!typePattern.test(newer.type)) throw new TypeError(`replacedby cannot be ${newer.type}`);
  return [{ ...older, replacedby: newer.type }, newer];
}

function versionOf(type: string): number | undefined {
  const version = readType(type)?.[3];
  return version === undefined ? undefined : Number(version);
}

function capital(words: string): string {
  return words.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
