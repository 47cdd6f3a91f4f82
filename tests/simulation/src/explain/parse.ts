/** A value of DynamoDB, as the history has it. */
interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly L?: readonly Value[];
  readonly M?: Readonly<Record<string, Value>>;
}

type Item = Readonly<Record<string, Value>>;

/** The members of a JSON object; none where the text is no such object. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** `orderly.order.placed.v1` is OrderPlaced. */
const eventName = (type: string): string =>
  type
    .split('.')
    .slice(1, 3)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Names an event: `OrderPlaced 1`. */
export function nameOfMessage(body: string): string {
  const { type, sequence } = membersOf(body);
  return typeof type === 'string' ? `${eventName(type)} ${sequence}` : 'a message that is no event';
}

export const idOfMessage = (body: string): string => {
  const { id } = membersOf(body);
  return typeof id === 'string' ? id : body;
};

const LEVELS = ['onHand', 'reserved', 'available'];

/** Whether a line of the history is about a product's stock. */
export const hasLevels = (text: string): boolean => text.includes('"onHand":');

/** What matters of an item that was written: its key, status, version and levels, and the events in its outbox. */
export function describeWrite(text: string): string {
  const item = membersOf(text) as Item;
  const { pk, status, version, outbox } = item;
  const events = (outbox?.M?.events?.L ?? []).map(({ M }) => eventName(M?.type?.S ?? ''));
  return [
    pk?.S ?? '(no key)',
    ...(status?.S ? [status.S] : []),
    ...(version?.N ? [`version ${version.N}`] : []),
    ...LEVELS.flatMap((name) => (item[name]?.N ? [`${name} ${item[name].N}`] : [])),
    ...(events.length > 0 ? [`with ${events.join(', ')} to publish`] : []),
  ].join(', ');
}

/** `sim-order-events--judge.fifo` is what `judge.fifo` gets of `order-events`. */
export function partsOfQueue(queue: string): { readonly topic: string; readonly consumer: string } {
  const [topic = '', consumer = ''] = queue.replace(/^[^-]+-/, '').split('--');
  return { topic, consumer };
}

/** `201, PLACED, version 1`; of a problem, its details. */
export function describeResponse(status: string, body: string): string {
  const { status: state, version, detail, title, message } = membersOf(body);
  const words =
    typeof state === 'string' ? [state, `version ${version}`] : [detail ?? title ?? message].filter(Boolean);
  return [status, ...words].join(', ');
}

const idsOf = (failures: readonly unknown[]): readonly unknown[] =>
  failures.map((failure) => Object(failure).itemIdentifier);

/** How an invocation ended. @param messages those that the story is about, by id */
export function describeAnswer(text: string, messages: ReadonlyMap<string, string>): string {
  const { outcome, message, statusCode, body, batchItemFailures } = membersOf(text);
  if (outcome === 'error') return `ends with: ${message}`;
  if (statusCode !== undefined) return `answers ${describeResponse(String(statusCode), String(body))}`;
  const failed = Array.isArray(batchItemFailures) ? idsOf(batchItemFailures) : [];
  if (failed.length === 0) return 'is done';
  const named = failed.flatMap((id) => messages.get(String(id)) ?? []);
  // Of a stream, everything from the record that failed on comes again.
  if (failed.every((id) => /^\d+$/.test(String(id))))
    return 'fails at a record: it and those behind it come again';
  if (named.length === 0) return `is done with it; ${failed.length} other messages come again`;
  return `fails: ${named.join(', ')} will come again`;
}

/** A line of a function's log: the request that it belongs to, and what went wrong, if anything did. */
export function describeLog(json: string): { readonly requestId: string; readonly text: string | undefined } {
  const { level, message, reason, error, function_request_id: requestId } = membersOf(json);
  const why = reason ?? Object(error).message;
  const text = `logs: ${message}${why === undefined ? '' : `: ${why}`}`;
  return { requestId: String(requestId), text: level === 'WARN' || level === 'ERROR' ? text : undefined };
}
