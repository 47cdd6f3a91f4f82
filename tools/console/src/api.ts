/**
 * What the page asks of the console's server, and gets: JSON over HTTP, and server-sent events for what is live. Times
 * are milliseconds since the epoch, durations are milliseconds.
 */

/** GET /api/about */
export interface About {
  readonly mode: 'local' | 'aws';
  /** On whose libraries a local platform runs, for people, where it is not AWS, e.g. `Azure`. */
  readonly libraries?: string;
  readonly stage: string;
  readonly region: string;
  readonly version: string;
  readonly startedAt: number;
  /** Whether actions are allowed; else each is answered with 403. */
  readonly canChange: boolean;
  /** What can be shown and done here. */
  readonly features: readonly Feature[];
  /** Why a feature is absent, in a sentence; a view whose feature has none says it in its own words. */
  readonly absent: Readonly<Partial<Record<Feature, string>>>;
  /** On AWS: what a look at a view costs, in a sentence. */
  readonly costNotice?: string;
}

export type Feature =
  /** Events as they are published, and spans. */
  | 'history'
  /** The writes to an item in this run. */
  | 'item-history'
  | 'messages'
  | 'functions'
  /** Whether a run was the first one of its function. */
  | 'cold-starts'
  /** Services are stopped and started. */
  | 'services'
  | 'faults'
  | 'place-orders'
  | 'api'
  | 'webhooks'
  /** An order's newest event is published again, to one subscription. */
  | 'replay'
  /** Notifications that failed are sent again. */
  | 'retry-notifications';

/** GET /api/live?pulse&events&logs: server-sent events of the names asked for. */
export interface LiveEvents {
  readonly pulse: Pulse;
  /** What is new or has changed since the last one, at most every 250 ms; newest last. */
  readonly events: readonly EventEntry[];
  readonly logs: readonly LogEntry[];
}

/** GET /api/pulse, and each second in the live events (on AWS each half minute). */
export interface Pulse {
  readonly at: number;
  readonly memoryMb: number;
  readonly services: readonly ServiceState[];
  readonly queues: readonly QueueState[];
  readonly faults: readonly ActiveFault[];
  readonly rates: Rates;
}

export interface Rates {
  /** One value for each of the last 60 seconds, oldest first. */
  readonly placedPerSecond: readonly number[];
  readonly waiting: readonly number[];
  readonly ordersLastMinute: number;
  readonly eventsLastMinute: number;
  /** Placed to confirmed, in the last minute; absent when none was confirmed. */
  readonly confirmed?: { readonly p50: number; readonly p95: number };
}

export interface ServiceState {
  readonly name: string;
  readonly url?: string;
  readonly state: 'running' | 'starting' | 'stopped';
  readonly functions: number;
  /** In the last minute. */
  readonly invocations: number;
  readonly errors: number;
}

export type QueueKind =
  /** A subscription of a topic. */
  | 'subscription'
  /** What a consumer could not process, what a publisher parked, positions of a stream that failed. */
  | 'dead-letters'
  | 'parked'
  | 'stream-failures'
  /** Messages by which a service wakes itself; no event is in them. */
  | 'wake-ups'
  | 'other';

export interface QueueState {
  readonly name: string;
  readonly kind: QueueKind;
  /** Of subscriptions and their dead-letter queues. */
  readonly topic?: string;
  /** Who reads it; of a dead-letter queue, who could not process what is in it. */
  readonly consumer?: string;
  readonly publisher?: string;
  /** Whether a service of this repository reads it; else another team does. */
  readonly ours: boolean;
  /** Event types asked for; empty: all. */
  readonly events: readonly string[];
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Milliseconds that its oldest message has waited; absent when empty or unknown. */
  readonly oldestAge?: number;
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount?: number;
  readonly visibilityTimeout?: number;
  /** Messages sent to it in the last minute. */
  readonly sentLastMinute: number;
}

/** GET /api/topology */
export interface Topology {
  readonly topics: readonly TopicNode[];
  /** What is stuck and what to do, a sentence each. */
  readonly stuck: readonly string[];
}

export interface TopicNode {
  readonly topic: string;
  readonly publisher?: string;
  /** Names of the queues that subscribe; their numbers are in the pulse. */
  readonly subscriptions: readonly string[];
  readonly parkedQueue?: string;
  readonly streamFailuresQueue?: string;
}

/** GET /api/orders?query=&status=&limit= */
export interface OrderPage {
  readonly orders: readonly OrderRow[];
  /** Orders that match beyond the limit. */
  readonly more: boolean;
  /** How the search was understood, or what it cannot do here. */
  readonly note?: string;
}

export interface OrderRow {
  readonly orderId: string;
  readonly status: 'PLACED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'SHIPPED';
  readonly customerId: string;
  readonly reference?: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** In minor units. */
  readonly total: number;
  readonly currency: string;
  readonly placedAt: number;
  readonly updatedAt: number;
  readonly deadLetters: number;
}

/** GET /api/orders/{orderId} */
export interface OrderDetail {
  readonly order: OrderRow | null;
  readonly orderId: string;
  readonly moments: readonly Moment[];
  /** What is odd, and what is stuck, with advice. */
  readonly odd: readonly string[];
  /** All spans of its traces, by start; empty without history. */
  readonly spans: readonly SpanEntry[];
  readonly events: readonly EventEntry[];
  readonly logs: readonly LogEntry[];
  readonly deadLetters: readonly DeadLetter[];
  readonly items: readonly StoredItem[];
  /** Where its events can be replayed to: queues of each topic. */
  readonly replayTargets: readonly { readonly topic: string; readonly queues: readonly string[] }[];
}

/** A state that a service has stored. */
export interface Moment {
  readonly at: number;
  readonly service: string;
  readonly what: string;
  readonly detail: string;
}

export interface StoredItem {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly item: Readonly<Record<string, unknown>>;
}

export interface SpanEntry {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly name: string;
  readonly kind: 'server' | 'consumer' | 'producer' | 'client' | 'internal';
  readonly startTime: number;
  readonly duration: number;
  readonly outcome: 'ok' | 'error';
  readonly error?: string;
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/**
 * GET /api/events?topic=&type=&subject=&text=&failed=true&limit=, newest first: an event as it was published, merged over
 * all queues that it went to.
 */
export interface EventEntry {
  /** The id of the event (CloudEvents `id`). */
  readonly id: string;
  readonly at: number;
  readonly topic: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence?: number;
  readonly publisher?: string;
  readonly correlationId?: string;
  readonly deliveries: readonly Delivery[];
  /** The envelope with its data. */
  readonly event: unknown;
}

export interface Delivery {
  readonly queue: string;
  readonly consumer: string;
  readonly state: 'waiting' | 'in-flight' | 'taken' | 'dead';
  /** How often it was received. */
  readonly receives: number;
  readonly at: number;
}

/** GET /api/queues/{name} */
export interface QueueDetail {
  readonly queue: QueueState;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Without receiving them; absent where that is impossible (AWS). */
  readonly messages?: readonly QueueMessage[];
  /** Of a queue of dead letters: read as `orderly dlq show` does. */
  readonly deadLetters?: readonly DeadLetter[];
}

export interface QueueMessage {
  readonly messageId: string;
  readonly group?: string;
  readonly state: 'waiting' | 'in-flight' | 'delayed';
  readonly receives: number;
  readonly sentAt: number;
  readonly body: string;
}

/** GET /api/dead-letters: those of all queues. */
export interface DeadLetter {
  readonly queue: string;
  readonly messageId: string;
  readonly kind: 'subscription' | 'parked' | 'stream' | 'wake-ups';
  readonly type?: string;
  readonly subject?: string;
  readonly eventId?: string;
  readonly reason: string;
  /** The consumer's error with its stack, where this run has seen it. */
  readonly stack?: string;
  readonly failedAt: number;
  readonly receives: number;
  readonly body: string;
}

/** GET /api/functions */
export interface FunctionRow {
  readonly name: string;
  readonly service: string;
  /** What it reacts to: `POST /orders`, `order-events`, `stream of dev-orders`, `rate(1 hour)`. */
  readonly trigger: string;
  readonly invocations: number;
  readonly errors: number;
  readonly coldStarts: number;
  /** Milliseconds; absent when it did not run. */
  readonly p50?: number;
  readonly p95?: number;
  readonly lastAt?: number;
  readonly memoryMb?: number;
  readonly timeoutSeconds?: number;
}

/** GET /api/logs?function=&level=&order=&request=&text=&limit=, newest first */
export interface LogEntry {
  readonly seq: number;
  readonly at: number;
  readonly service: string;
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly functionName?: string;
  readonly requestId?: string;
  readonly orderId?: string;
  /** The whole line. */
  readonly line: Readonly<Record<string, unknown>>;
}

/** GET /api/tables */
export interface TableRow {
  readonly name: string;
  readonly items: number;
  readonly bytes: number;
  readonly key: readonly string[];
  readonly indexes: readonly { readonly name: string; readonly key: readonly string[] }[];
  readonly stream?: string;
  readonly timeToLive?: string;
}

/** GET /api/tables/{name}?index=&partition=&sort=&after=: items by key; all of them without `partition`. */
export interface ItemPage {
  readonly items: readonly StoredItem[];
  readonly after?: string;
}

/** GET /api/tables/{name}/history?pk=&sk=: the writes of this run, newest first. */
export interface ItemVersion {
  readonly at: number;
  readonly change: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly item?: Readonly<Record<string, unknown>>;
}

/** GET /api/apis: the services with an OpenAPI document, which is at /api/apis/{service}; calls go to /api/call/{service}/... */
export interface ApiRow {
  readonly service: string;
  readonly title: string;
}

/** GET /api/catalogue */
export interface CatalogueEntry {
  readonly type: string;
  readonly topic: string;
  readonly version: string;
  readonly publisher?: string;
  readonly description: string;
  readonly consumers: readonly string[];
  readonly schema: unknown;
  readonly example: unknown;
}

/** GET /api/products: what can be ordered. */
export interface ProductRow {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly available?: number;
}

/** GET /api/webhooks */
export interface WebhookList {
  readonly endpoints: readonly WebhookRow[];
  /** In a stage with an issuer: whose endpoints these are. */
  readonly tenant?: string;
}

export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description?: string;
  readonly status: 'ENABLED' | 'DISABLED';
  readonly disabledReason?: 'OWNER' | 'GONE' | 'FAILING';
  readonly disabledAt?: number;
  readonly registeredAt: number;
}

export interface WebhookRow extends WebhookEndpoint {
  readonly recent: {
    /** How many of the newest deliveries were looked at, and whether there are more. */
    readonly deliveries: number;
    readonly more: boolean;
    readonly waiting: number;
    readonly failed: number;
    readonly lastAttempt?: WebhookAttempt;
  };
}

/** GET /api/webhooks/{endpointId}?limit=&after=: its deliveries, newest first; `next` is the `after` of older ones. */
export interface WebhookDetail {
  readonly endpoint: WebhookEndpoint;
  readonly deliveries: readonly WebhookDelivery[];
  readonly next?: string;
}

export interface WebhookDelivery {
  readonly deliveryId: string;
  readonly eventId: string;
  /** The name of the event. */
  readonly event: string;
  readonly status: 'PENDING' | 'DELIVERED' | 'FAILED';
  readonly beganAt: number;
  readonly nextAttemptAt?: number;
  /** Oldest first. */
  readonly attempts: readonly WebhookAttempt[];
  /** Of an order event that this run has seen. */
  readonly orderId?: string;
}

export interface WebhookAttempt {
  readonly at: number;
  readonly durationMs: number;
  /** The HTTP status of the answer, and its first kilobyte. */
  readonly status?: number;
  readonly answer?: string;
  /** Why there was no answer. */
  readonly reason?: string;
}

export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  readonly until: number;
  /** How often it has struck. */
  readonly struck: number;
}

export type Fault =
  | { readonly kind: 'fail-function'; readonly name: string }
  | { readonly kind: 'delay-function'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'fail-queue'; readonly name: string }
  | { readonly kind: 'delay-queue'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'duplicate-queue'; readonly name: string };

/**
 * Actions: POST with a JSON body, the header `x-orderly-token` (from the page's <meta name="orderly-token">), answered
 * with JSON; an error is a problem details object (RFC 9457) with `title` and `detail`.
 */
export interface Actions {
  /** POST /api/orders */
  readonly placeOrder: {
    readonly in: {
      readonly customerId: string;
      readonly email: string;
      readonly reference?: string;
      readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
    };
    readonly out: { readonly orderId: string };
  };
  /** POST /api/products: makes some products with stock, where there are none. */
  readonly makeProducts: { readonly in: Record<string, never>; readonly out: readonly ProductRow[] };
  /** POST /api/orders/{orderId}/cancel */
  readonly cancelOrder: { readonly in: Record<string, never>; readonly out: { readonly status: string } };
  /** POST /api/orders/{orderId}/ship */
  readonly shipOrder: { readonly in: Record<string, never>; readonly out: { readonly status: string } };
  /** POST /api/orders/{orderId}/replay: its newest event of a topic, once more to one queue. */
  readonly replayOrder: {
    readonly in: { readonly topic: string; readonly queue: string };
    readonly out: { readonly sent: number };
  };
  /** POST /api/dead-letters/redrive: one message, or all of a queue. */
  readonly redrive: {
    readonly in: { readonly queue: string; readonly messageId?: string };
    readonly out: {
      readonly moved: number;
      readonly unsent: readonly { readonly messageId: string; readonly reason: string }[];
    };
  };
  /** POST /api/dead-letters/drop: a copy is saved first. */
  readonly drop: {
    readonly in: { readonly queue: string; readonly messageId?: string };
    readonly out: { readonly dropped: number; readonly savedTo: string };
  };
  /** POST /api/faults */
  readonly startFault: {
    readonly in: { readonly fault: Fault; readonly seconds: number };
    readonly out: ActiveFault;
  };
  /** POST /api/faults/clear: one, or all. */
  readonly clearFaults: { readonly in: { readonly id?: string }; readonly out: { readonly cleared: number } };
  /** POST /api/services/{name}/stop and /start */
  readonly stopService: { readonly in: Record<string, never>; readonly out: { readonly state: string } };
  readonly startService: { readonly in: Record<string, never>; readonly out: { readonly state: string } };
  /** POST /api/notifications/retry: notifications of an order that failed, once more. */
  readonly retryNotifications: {
    readonly in: { readonly orderId: string };
    readonly out: { readonly retried: number };
  };
  /** POST /api/webhooks: the secret is shown in this answer only. */
  readonly registerWebhook: {
    readonly in: { readonly url: string; readonly events: readonly string[]; readonly description?: string };
    readonly out: { readonly endpointId: string; readonly secret: string };
  };
  /** POST /api/webhooks/{endpointId}/status */
  readonly setWebhookStatus: {
    readonly in: { readonly status: WebhookEndpoint['status'] };
    readonly out: { readonly status: WebhookEndpoint['status'] };
  };
  /** POST /api/webhooks/{endpointId}/delete */
  readonly deleteWebhook: { readonly in: Record<string, never>; readonly out: { readonly url: string } };
  /** POST /api/webhooks/{endpointId}/secret: a new one; the one before it signs, too, until `previousExpiresAt`. */
  readonly rotateWebhookSecret: {
    readonly in: Record<string, never>;
    readonly out: { readonly secret: string; readonly previousExpiresAt: number };
  };
  /** POST /api/webhooks/{endpointId}/test */
  readonly testWebhook: { readonly in: Record<string, never>; readonly out: { readonly deliveryId: string } };
  /** POST /api/webhooks/retry: deliveries, once more from the first attempt. */
  readonly retryWebhooks: {
    readonly in: { readonly deliveryIds: readonly string[] };
    readonly out: {
      readonly retried: number;
      readonly refused: readonly { readonly deliveryId: string; readonly reason: string }[];
    };
  };
}
