import * as v from 'valibot';
import { type Issue, parse, parseJson, type Schema } from './parse.ts';

/** A service's stream of events. */
export type Topic = 'order-events' | 'inventory-events' | 'notification-events';

const identifier = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/**
 * The envelope: CloudEvents 1.0 in JSON structured mode (https://github.com/cloudevents/spec, v1.0.2)
 * with the extensions `sequence`, `correlationid`, `causationid` and `traceparent`.
 */
const envelope = {
  specversion: v.literal('1.0'),
  id: v.pipe(
    v.string(),
    v.uuid(),
    v.description('UUIDv7, fixed when the event is written: the same on every delivery.'),
  ),
  source: v.pipe(
    v.string(),
    v.regex(/^orderly\/[a-z-]+$/),
    v.description('The service that speaks: orderly/<service>.'),
  ),
  subject: v.pipe(identifier, v.description('The id of the aggregate that changed.')),
  time: v.pipe(v.string(), v.isoTimestamp(), v.description('When it happened.')),
  datacontenttype: v.literal('application/json'),
  dataschema: v.pipe(v.string(), v.description('The URI of the JSON Schema.')),
  sequence: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.description('The version of the aggregate after the change: an event with a lower one is older.'),
  ),
  correlationid: v.pipe(identifier, v.description('The same for all events of one business flow.')),
  causationid: v.pipe(identifier, v.description('The id of the event or request that caused this one.')),
  // https://www.w3.org/TR/trace-context/#traceparent-header
  traceparent: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
      v.description('W3C Trace Context.'),
    ),
  ),
};

type Envelope = Readonly<v.InferOutput<v.ObjectSchema<typeof envelope, undefined>>>;

/** An event as it travels. */
export type CloudEvent<Type extends string = string, Data = unknown> = Envelope & {
  readonly type: Type;
  readonly data: Data;
};

/** What a domain says has happened; the envelope is added when it is written. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly dataschema: string;
  readonly data: Data;
}

export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly topic: Topic;
  readonly type: Type;
  /** The name subscribers filter by, e.g. `OrderPlaced`: the type without its namespace and version. */
  readonly name: string;
  /** What has happened when it is sent. */
  readonly description: string | undefined;
  /** A URI that ends in the name of the schema's file. */
  readonly dataschema: string;
  /** Checks a whole event, envelope and data. */
  readonly schema: Schema<CloudEvent<Type, Data>>;
  /** The event that says `data` has happened. */
  of(data: Data): NewEvent<Type, Data>;
}

/** The event that a definition defines: `EventOf<typeof OrderPlaced>`. */
export type EventOf<D> = D extends EventDefinition<infer Type, infer Data> ? CloudEvent<Type, Data> : never;

/** The data of the event that a definition defines. */
export type DataOf<D> = EventOf<D>['data'];

const typePattern = /^orderly\.([a-z]+)\.([a-z]+)\.v[1-9]\d*$/;

/**
 * `orderly.order.placed.v1` is named `OrderPlaced`. A type of another shape is its own name.
 */
export function eventName(type: string): string {
  const [, aggregate, happened] = typePattern.exec(type) ?? [];
  return aggregate === undefined || happened === undefined ? type : capital(aggregate) + capital(happened);
}

/**
 * Defines one version of an event; its TypeScript type, its run-time check and its documents derive from this.
 *
 * @param definition.type `orderly.<aggregate>.<what happened>.v<major>`
 * @param definition.description what has happened when it is sent, in one sentence
 * @param definition.data the schema of `data`; within a version only additions that old readers ignore
 * @throws TypeError when the type is not of that form
 */
// The call throws only on a programming mistake, which a test shows; so bundlers may drop an unused event.
/* @__NO_SIDE_EFFECTS__ */
export function defineEvent<const Type extends string, Data>(definition: {
  readonly topic: Topic;
  readonly type: Type;
  readonly description?: string;
  readonly data: Schema<Data>;
}): EventDefinition<Type, Data> {
  const { topic, type, description } = definition;
  if (!typePattern.test(type)) {
    throw new TypeError(
      `Event type "${type}" is not of the form orderly.<aggregate>.<what happened>.v<major>`,
    );
  }
  const dataschema = `urn:orderly:schemas:${type}.json`;
  return {
    topic,
    type,
    name: eventName(type),
    description,
    dataschema,
    schema: v.object({ ...envelope, type: v.literal(type), data: definition.data }),
    of: (data) => ({ type, dataschema, data }),
  };
}

/** A definition with what to do about its events. */
export interface Reaction<Context = unknown> {
  readonly definition: EventDefinition;
  handle(event: CloudEvent, context: Context): Promise<void>;
}

/**
 * Ties a handler to an event: `on(OrderPlaced, async ({ data }) => { ... })`. The handler sees only events
 * that passed the definition's check, typed by it.
 */
export function on<Type extends string, Data, Context = unknown>(
  definition: EventDefinition<Type, Data>,
  handle: (event: CloudEvent<Type, Data>, context: Context) => Promise<void>,
): Reaction<Context> {
  // The one place where the type parameter is forgotten; `readEvent` checks with this very definition first.
  return { definition, handle } as unknown as Reaction<Context>;
}

export type Read<R> =
  | { readonly outcome: 'event'; readonly event: CloudEvent; readonly reaction: R }
  /** No reaction is tied to this type: acknowledge it. */
  | { readonly outcome: 'ignored'; readonly type: string }
  /** It breaks its schema or is no event at all: park it. */
  | { readonly outcome: 'invalid'; readonly issues: readonly Issue[] };

/** Reads one message: JSON, then the type, then the whole event by its definition. Never throws. */
export function readEvent<R extends { readonly definition: EventDefinition }>(
  json: string,
  reactions: ReadonlyMap<string, R>,
): Read<R> {
  const parsed = parseJson(json);
  if (!parsed.ok) return { outcome: 'invalid', issues: parsed.issues };
  const type = typeOf(parsed.value);
  if (type === undefined) {
    return {
      outcome: 'invalid',
      issues: [{ path: '/type', message: 'Not a CloudEvent: "type" is missing' }],
    };
  }
  const reaction = reactions.get(type);
  if (reaction === undefined) return { outcome: 'ignored', type };
  const event = parse(reaction.definition.schema, parsed.value);
  return event.ok
    ? { outcome: 'event', event: event.value, reaction }
    : { outcome: 'invalid', issues: event.issues };
}

/** Indexes reactions by event type. @throws TypeError when two of them are tied to the same type */
export function byType<R extends { readonly definition: EventDefinition }>(
  reactions: readonly R[],
): ReadonlyMap<string, R> {
  const index = new Map(reactions.map((reaction) => [reaction.definition.type, reaction]));
  if (index.size < reactions.length) throw new TypeError('Two reactions are tied to the same event type');
  return index;
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return typeof value.type === 'string' && value.type !== '' ? value.type : undefined;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
