import type { CloudEvent, EventDefinition } from './event.ts';
import { describeIssues, type Issue, type Parsed, parse, parseJson } from './parse.ts';

/** An event definition with its handler. */
export interface Reaction<Context = unknown> {
  readonly definition: EventDefinition;
  handle(event: CloudEvent, context: Context): Promise<void>;
}

/**
 * Binds a handler to an event: `on(OrderPlaced, async ({ data }) => { ... })`. The handler receives only events
 * that are valid by the definition, with its types.
 */
export function on<Type extends string, Data, Context = unknown>(
  definition: EventDefinition<Type, Data>,
  handle: (event: CloudEvent<Type, Data>, context: Context) => Promise<void>,
): Reaction<Context> {
  // The one place that drops the type parameter; `readEvent` checks with the same definition first.
  return { definition, handle } as unknown as Reaction<Context>;
}

export type Read<R> =
  | { readonly outcome: 'event'; readonly event: CloudEvent; readonly reaction: R }
  /** No handler is bound to this type: acknowledge it. */
  | { readonly outcome: 'ignored'; readonly type: string }
  /** No event, or one that breaks its schema: dead-letter it. */
  | { readonly outcome: 'invalid'; readonly issues: readonly Issue[] };

/**
 * Reads one message: JSON, then the type, then the whole event by its definition. Never throws.
 *
 * An event of an earlier version is upcast to the version that the handler is bound to, where there is an upcaster.
 * It is ignored when its `replacedby` names a version that is read here as well.
 */
export function readEvent<R extends { readonly definition: EventDefinition }>(
  json: string,
  reactions: ReadonlyMap<string, R>,
): Read<R> {
  const parsed = parseJson(json);
  if (parsed.outcome === 'invalid') return parsed;
  const type = textAt(parsed.value, 'type');
  if (type === undefined) {
    return {
      outcome: 'invalid',
      issues: [{ path: '/type', message: 'Not a CloudEvent: "type" is missing' }],
    };
  }
  const reaction = reactions.get(type);
  if (reaction === undefined || reactions.has(textAt(parsed.value, 'replacedby') ?? '')) {
    return { outcome: 'ignored', type };
  }
  const event = readAs(reaction.definition, type, parsed.value);
  return event.outcome === 'valid' ? { outcome: 'event', event: event.value, reaction } : event;
}

/**
 * Indexes reactions by event type. Earlier versions that a definition can upcast count as its own, unless another
 * reaction is bound to them.
 *
 * @throws TypeError when two reactions are bound to the same type
 */
export function byType<R extends { readonly definition: EventDefinition }>(
  reactions: readonly R[],
): ReadonlyMap<string, R> {
  const index = new Map(reactions.map((reaction) => [reaction.definition.type, reaction]));
  if (index.size < reactions.length) throw new TypeError('Two reactions are bound to the same event type');
  for (const reaction of reactions) {
    for (const { type } of earlierVersions(reaction.definition))
      if (!index.has(type)) index.set(type, reaction);
  }
  return index;
}

function earlierVersions({ previous }: EventDefinition): readonly EventDefinition[] {
  return previous === undefined ? [] : [previous.definition, ...earlierVersions(previous.definition)];
}

/** Reads an event of the definition's type, or upcasts one of an earlier version step by step. */
function readAs(definition: EventDefinition, type: string, value: unknown): Parsed<CloudEvent> {
  const { previous } = definition;
  if (definition.type === type || previous === undefined) return check(definition, value);
  const older = readAs(previous.definition, type, value);
  if (older.outcome === 'invalid') return older;
  const { replacedby: _, ...event } = older.value;
  try {
    const data = previous.upcast(event.data);
    return check(definition, {
      ...event,
      type: definition.type,
      dataschema: definition.dataschema,
      data,
    });
  } catch (error) {
    return {
      outcome: 'invalid',
      issues: [{ path: '/data', message: `Not readable as ${definition.type}: ${error}` }],
    };
  }
}

function check({ schema, isExact }: EventDefinition, value: unknown): Parsed<CloudEvent> {
  // An exact event equals the copy that its schema would make.
  return isExact?.(value) ? { outcome: 'valid', value: value as CloudEvent } : parse(schema, value);
}

function textAt(value: unknown, key: 'type' | 'replacedby'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const text: unknown = (value as Partial<Record<typeof key, unknown>>)[key];
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** Thrown for a message that no retry can fix: it is no event, or breaks the schema of its type. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';

  constructor(readonly issues: readonly Issue[]) {
    super(describeIssues(issues));
  }
}

/** `handled` by a reaction, or `ignored` because none is bound to the message's type. */
export type Dispatched = 'handled' | 'ignored';

/**
 * Returns a function that passes each message of a subscription to its handler:
 * `const dispatch = dispatcher(on(OrderConfirmed, ...), on(OrderCancelled, ...)); await dispatch(message.Body);`
 *
 * Acknowledge a message when the promise resolves. When it rejects, leave the message in the queue: it is redelivered,
 * and dead-lettered after the queue's `maxReceiveCount`.
 *
 * @throws TypeError when two reactions are bound to the same type
 * @returns a function that rejects with InvalidEventError, or with the error of a handler
 */
export function dispatcher<Context = undefined>(...reactions: readonly Reaction<Context>[]) {
  const index = byType(reactions);
  return async (
    json: string,
    ...context: undefined extends Context ? [Context?] : [Context]
  ): Promise<Dispatched> => {
    const read = readEvent(json, index);
    if (read.outcome === 'invalid') throw new InvalidEventError(read.issues);
    if (read.outcome === 'ignored') return 'ignored';
    // The context can be omitted only where it may be undefined.
    await read.reaction.handle(read.event, context[0] as Context);
    return 'handled';
  };
}
