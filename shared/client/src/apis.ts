// Generated from docs/reference/openapi by `npm run contracts:build`; do not edit.

import type { CallOptions, Send } from './call.ts';

/** An entry in a product's stock ledger. */
export interface Adjustment {
  readonly adjustmentId: string;
  readonly sku: Sku;
  readonly quantity: AdjustmentQuantity;
  readonly reason: Reason;
  readonly adjustedAt: Timestamp;
}

/** The change of a stock level: positive for goods received, negative for goods written off. */
export type AdjustmentQuantity = number;

/** A sum of money in minor units (pence, cents), small enough for a double to hold exactly. */
export type Amount = number;

/** How a notification is sent: to the log, by SMTP or by Amazon SES. */
export type Channel = 'log' | 'smtp' | 'ses';

/** An active ISO 4217 currency code. */
export type Currency =
  'AED' | 'AFN' | 'ALL' | 'AMD' | 'AOA' | 'ARS' | 'AUD' | 'AWG' | 'AZN' | 'BAM' | 'BBD' | 'BDT' | 'BHD'
  | 'BIF' | 'BMD' | 'BND' | 'BOB' | 'BRL' | 'BSD' | 'BTN' | 'BWP' | 'BYN' | 'BZD' | 'CAD' | 'CDF' | 'CHF'
  | 'CLP' | 'CNY' | 'COP' | 'CRC' | 'CUP' | 'CVE' | 'CZK' | 'DJF' | 'DKK' | 'DOP' | 'DZD' | 'EGP' | 'ERN'
  | 'ETB' | 'EUR' | 'FJD' | 'FKP' | 'GBP' | 'GEL' | 'GHS' | 'GIP' | 'GMD' | 'GNF' | 'GTQ' | 'GYD' | 'HKD'
  | 'HNL' | 'HTG' | 'HUF' | 'IDR' | 'ILS' | 'INR' | 'IQD' | 'IRR' | 'ISK' | 'JMD' | 'JOD' | 'JPY' | 'KES'
  | 'KGS' | 'KHR' | 'KMF' | 'KPW' | 'KRW' | 'KWD' | 'KYD' | 'KZT' | 'LAK' | 'LBP' | 'LKR' | 'LRD' | 'LSL'
  | 'LYD' | 'MAD' | 'MDL' | 'MGA' | 'MKD' | 'MMK' | 'MNT' | 'MOP' | 'MRU' | 'MUR' | 'MVR' | 'MWK' | 'MXN'
  | 'MYR' | 'MZN' | 'NAD' | 'NGN' | 'NIO' | 'NOK' | 'NPR' | 'NZD' | 'OMR' | 'PAB' | 'PEN' | 'PGK' | 'PHP'
  | 'PKR' | 'PLN' | 'PYG' | 'QAR' | 'RON' | 'RSD' | 'RUB' | 'RWF' | 'SAR' | 'SBD' | 'SCR' | 'SDG' | 'SEK'
  | 'SGD' | 'SHP' | 'SLE' | 'SOS' | 'SRD' | 'SSP' | 'STN' | 'SVC' | 'SYP' | 'SZL' | 'THB' | 'TJS' | 'TMT'
  | 'TND' | 'TOP' | 'TRY' | 'TTD' | 'TWD' | 'TZS' | 'UAH' | 'UGX' | 'USD' | 'UYU' | 'UZS' | 'VED' | 'VES'
  | 'VND' | 'VUV' | 'WST' | 'XAF' | 'XCD' | 'XCG' | 'XOF' | 'XPF' | 'YER' | 'ZAR' | 'ZMW' | 'ZWG';

/** The position of a page: opaque, and valid only for the list that returned it. */
export type Cursor = string;

/** The customer who placed an order. */
export interface Customer {
  readonly id: CustomerId;
  readonly email: Email;
}

/** The id of a customer, assigned by the caller. */
export type CustomerId = string;

/** A page of an endpoint's deliveries, newest first. */
export interface DeliveriesPage {
  readonly items: readonly Delivery[];
  readonly nextCursor?: Cursor;
}

/** An event on its way to an endpoint. */
export interface Delivery {
  readonly deliveryId: DeliveryId;
  readonly endpointId: EndpointId;
  readonly eventId: string;
  readonly event: string;
  readonly status: 'PENDING' | 'DELIVERED' | 'FAILED';
  readonly createdAt: Timestamp;
  readonly nextAttemptAt?: string;
  readonly attempts: readonly { readonly at: Timestamp; readonly durationMs: number; readonly status?: number; readonly answer?: string; readonly reason?: string }[];
}

/** The id of a delivery: that of its endpoint, a dot and that of its event. */
export type DeliveryId = string;

/** An e-mail address (RFC 5321) in ASCII. An internationalised domain is in punycode. */
export type Email = string;

/**
 * An e-mail address. The part before the @ is ASCII without quotes (RFC 5321). An internationalised domain is
 * converted to punycode.
 */
export type EmailInput = string;

/** An endpoint. A DISABLED one has `disabledReason` and `disabledAt`. */
export interface Endpoint {
  readonly endpointId: EndpointId;
  readonly url: string;
  readonly events: readonly EventName[];
  readonly description?: string;
  readonly status: 'ENABLED' | 'DISABLED';
  readonly disabledReason?: 'OWNER' | 'GONE' | 'FAILING';
  readonly disabledAt?: Timestamp;
  readonly registeredAt: Timestamp;
  readonly version: number;
}

/** The id of a webhook endpoint: a UUID (RFC 9562) in lower case. */
export type EndpointId = string;

/** What changes at an endpoint; fields that are absent stay as they are. */
export interface EndpointRevision {
  readonly url?: string;
  readonly events?: readonly EventName[];
  readonly description?: string;
  readonly status?: 'ENABLED' | 'DISABLED';
}

/** All endpoints of a tenant: 20 at most. */
export interface EndpointsList {
  readonly items: readonly Endpoint[];
}

/** The name of an order event. */
export type EventName =
  'OrderPlaced' | 'OrderConfirmed' | 'OrderRejected' | 'OrderCancelled' | 'OrderShipped';

/** Chosen by the caller, a new one for each new request: 1 to 255 visible ASCII characters. */
export type IdempotencyKey = string;

/** A fault of the request; `path` is a JSON Pointer (RFC 6901) into it. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** The caller's own notes on an order, unchanged. */
export type Metadata = Readonly<Record<string, string>>;

/** Goods received or written off, with the reason. */
export interface NewAdjustment {
  readonly quantity: AdjustmentQuantity;
  readonly reason: Reason;
}

/** The customer who places the order. */
export interface NewCustomer {
  readonly id: CustomerId;
  readonly email: EmailInput;
}

/** An endpoint as its owner registers it. */
export interface NewEndpoint {
  readonly url: string;
  readonly events: readonly EventName[];
  readonly description?: string;
}

/** A SKU and a number of pieces. */
export interface NewLine {
  readonly sku: SkuInput;
  readonly quantity: Quantity;
}

/** A new order. Prices never come from the caller. */
export interface NewOrder {
  readonly customer: NewCustomer;
  readonly lines: readonly NewLine[];
  readonly reference?: Reference;
  readonly metadata?: Metadata;
}

/**
 * A notification to a customer. SENT ones have `messageId` and `sentAt`, FAILED ones `reason` and `failedAt`.
 */
export interface Notification {
  readonly notificationId: string;
  readonly orderId: OrderId;
  readonly kind: NotificationKind;
  readonly status: 'PENDING' | 'SENT' | 'FAILED';
  readonly channel: Channel;
  readonly attempts: number;
  readonly createdAt: Timestamp;
  readonly messageId?: string;
  readonly sentAt?: Timestamp;
  readonly reason?: Reason;
  readonly failedAt?: Timestamp;
}

/** What a notification is about. An order has at most one of each kind. */
export type NotificationKind = 'order-confirmed' | 'order-rejected' | 'order-cancelled' | 'order-shipped';

/** A page of an order's notifications. */
export interface NotificationsPage {
  readonly items: readonly Notification[];
  readonly nextCursor?: Cursor;
}

/** Whether a product can be ordered. A product that is off sale keeps its stock. */
export type OnSale = boolean;

/** An order, with the prices that applied when it was placed. */
export interface Order {
  readonly orderId: OrderId;
  readonly status: OrderStatus;
  readonly version: Version;
  readonly customer: Customer;
  readonly currency: Currency;
  readonly lines: readonly OrderLine[];
  readonly total: Amount;
  readonly placedAt: Timestamp;
  readonly confirmedAt?: Timestamp;
  readonly rejectedAt?: Timestamp;
  readonly shortages?: readonly Shortage[];
  readonly cancelledAt?: Timestamp;
  readonly shippedAt?: Timestamp;
  readonly reference?: Reference;
  readonly metadata?: Metadata;
}

/** The id of an order: a UUID (RFC 9562) in lower case. */
export type OrderId = string;

/** A product in an order, at the price that applies to the order. */
export interface OrderLine {
  readonly sku: Sku;
  readonly name: ProductName;
  readonly quantity: Quantity;
  readonly unitPrice: Price;
  readonly lineTotal: Amount;
}

/** The status of an order. REJECTED, CANCELLED and SHIPPED are final. */
export type OrderStatus = 'PLACED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'SHIPPED';

/** An order as a list shows it. */
export interface OrderSummary {
  readonly orderId: OrderId;
  readonly status: OrderStatus;
  readonly currency: Currency;
  readonly total: Amount;
  readonly placedAt: Timestamp;
}

/** A page of a customer's orders, newest first. */
export interface OrdersPage {
  readonly items: readonly OrderSummary[];
  readonly nextCursor?: Cursor;
}

/** The price of one piece in minor units (pence, cents); 0 for gifts and samples. */
export type Price = number;

/** An error (RFC 9457): `type` is stable, `detail` is for people, `requestId` is in the log. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly Issue[];
  readonly requestId: string;
}

/** A product and its stock: `onHand = available + reserved`. */
export interface Product {
  readonly sku: Sku;
  readonly name: ProductName;
  readonly price: Price;
  readonly currency: Currency;
  readonly onSale: OnSale;
  readonly onHand: StockLevel;
  readonly reserved: StockLevel;
  readonly available: StockLevel;
  readonly version: number;
}

/** Name, price and whether the product is on sale. Stock changes only through adjustments and orders. */
export interface ProductDetails {
  readonly name: ProductName;
  readonly price: Price;
  readonly currency: Currency;
  readonly onSale?: OnSale;
}

/** The name of a product as customers see it. */
export type ProductName = string;

/** A page of products, sorted by SKU. */
export interface ProductsPage {
  readonly items: readonly Product[];
  readonly nextCursor?: Cursor;
}

/** A number of pieces. */
export type Quantity = number;

/** The reason, in words for people. */
export type Reason = string;

/** The caller's own number for an order, unchanged. */
export type Reference = string;

/** A new endpoint, with its secret. */
export interface RegisteredEndpoint {
  readonly endpointId: EndpointId;
  readonly url: string;
  readonly events: readonly EventName[];
  readonly description?: string;
  readonly status: 'ENABLED' | 'DISABLED';
  readonly disabledReason?: 'OWNER' | 'GONE' | 'FAILING';
  readonly disabledAt?: Timestamp;
  readonly registeredAt: Timestamp;
  readonly version: number;
  readonly secret: string;
}

/** The new secret of an endpoint. */
export interface RotatedSecret {
  readonly endpointId: EndpointId;
  readonly secret: string;
  readonly previousExpiresAt: string;
}

/** A SKU with the quantity requested and the stock available. */
export interface Shortage {
  readonly sku: Sku;
  readonly requested: Quantity;
  readonly available: StockLevel;
}

/**
 * Stock keeping unit: 1 to 64 printable characters in NFC, case-sensitive. It has no blank at either end and
 * no / \ ? # %, and is neither "." nor "..".
 */
export type Sku = string;

/**
 * Stock keeping unit: 1 to 64 printable characters, case-sensitive. It has no blank at either end and no / \
 * ? # %, and is neither "." nor "..". It is converted to Unicode Normalization Form C.
 */
export type SkuInput = string;

/** A number of pieces in stock. */
export type StockLevel = number;

/** A point in time: RFC 3339, UTC, with milliseconds. */
export type Timestamp = string;

/** Counts the changes of the order; 1 for a new one. */
export type Version = number;

/** The `type` of every problem that the APIs answer with. */
export type ProblemType =
  'urn:orderly:problem:body-too-large' | 'urn:orderly:problem:delivery-not-found'
  | 'urn:orderly:problem:endpoint-not-found' | 'urn:orderly:problem:endpoint-refused'
  | 'urn:orderly:problem:idempotency-key-reused' | 'urn:orderly:problem:internal-error'
  | 'urn:orderly:problem:invalid-request' | 'urn:orderly:problem:invalid-token'
  | 'urn:orderly:problem:malformed-json' | 'urn:orderly:problem:method-not-allowed'
  | 'urn:orderly:problem:mixed-currencies' | 'urn:orderly:problem:off-sale'
  | 'urn:orderly:problem:order-not-cancelled' | 'urn:orderly:problem:order-not-found'
  | 'urn:orderly:problem:order-not-shipped' | 'urn:orderly:problem:order-too-large'
  | 'urn:orderly:problem:other-customer' | 'urn:orderly:problem:other-email'
  | 'urn:orderly:problem:product-not-found' | 'urn:orderly:problem:quantity-too-large'
  | 'urn:orderly:problem:route-not-found' | 'urn:orderly:problem:stock-out-of-bounds'
  | 'urn:orderly:problem:throttled' | 'urn:orderly:problem:too-many-endpoints'
  | 'urn:orderly:problem:too-many-skus' | 'urn:orderly:problem:total-too-large'
  | 'urn:orderly:problem:unavailable' | 'urn:orderly:problem:unknown-sku'
  | 'urn:orderly:problem:unsupported-media-type';

export interface PutProductRequest {
  readonly sku: SkuInput;
  readonly body: ProductDetails;
}

export interface GetProductRequest {
  readonly sku: SkuInput;
}

export interface ListProductsRequest {
  readonly limit?: number | undefined;
  readonly cursor?: Cursor | undefined;
}

export interface AdjustStockRequest {
  readonly sku: SkuInput;
  readonly idempotencyKey?: IdempotencyKey | undefined;
  readonly body: NewAdjustment;
}

export interface InventoryApi {
  /**
   * Creates or changes a product. A new product has no stock and is on sale. A product with `onSale` false
   * cannot be ordered; it keeps its stock, and accepted orders proceed. Without `onSale` that setting is
   * unchanged. An identical repeat changes nothing.
   */
  putProduct(request: PutProductRequest, options?: CallOptions): Promise<Product>;

  /** Shows a product and its stock. */
  getProduct(request: GetProductRequest, options?: CallOptions): Promise<Product>;

  /** Lists all products, sorted by SKU. */
  listProducts(request: ListProductsRequest, options?: CallOptions): Promise<ProductsPage>;

  /**
   * Adjusts the stock of a product. With an `Idempotency-Key`, a repeat for the same product adjusts nothing
   * and gets the first answer again; a repeat with another body is refused with 422.
   */
  adjustStock(request: AdjustStockRequest, options?: CallOptions): Promise<Adjustment>;
}

const inventoryApi = (send: Send): InventoryApi => ({
  putProduct: ({ sku, body }, options) =>
    send({ method: 'PUT', path: `/products/${encodeURIComponent(sku)}`, body }, options),
  getProduct: ({ sku }, options) =>
    send({ method: 'GET', path: `/products/${encodeURIComponent(sku)}` }, options),
  listProducts: ({ limit, cursor }, options) =>
    send({ method: 'GET', path: '/products', query: { limit, cursor } }, options),
  adjustStock: ({ sku, idempotencyKey, body }, options) =>
    send(
      { method: 'POST', path: `/products/${encodeURIComponent(sku)}/adjustments`, idempotencyKey, body },
      options,
    ),
});

export interface ListNotificationsRequest {
  readonly orderId: OrderId;
  readonly limit?: number | undefined;
  readonly cursor?: Cursor | undefined;
}

export interface NotificationsApi {
  /**
   * Lists the notifications of an order. The list is empty for an order without notifications, and for one
   * that does not exist.
   */
  listNotifications(request: ListNotificationsRequest, options?: CallOptions): Promise<NotificationsPage>;
}

const notificationsApi = (send: Send): NotificationsApi => ({
  listNotifications: ({ orderId, limit, cursor }, options) =>
    send({ method: 'GET', path: '/notifications', query: { orderId, limit, cursor } }, options),
});

export interface PlaceOrderRequest {
  readonly idempotencyKey?: IdempotencyKey | undefined;
  readonly body: NewOrder;
}

export interface ListOrdersRequest {
  readonly customerId: CustomerId;
  readonly limit?: number | undefined;
  readonly cursor?: Cursor | undefined;
}

export interface GetOrderRequest {
  readonly orderId: OrderId;
}

export interface CancelOrderRequest {
  readonly orderId: OrderId;
}

export interface ShipOrderRequest {
  readonly orderId: OrderId;
}

export interface OrdersApi {
  /**
   * Places an order. The names and prices are those of the products as this service knows them. Lines with
   * the same SKU are merged. With an `Idempotency-Key`, a repeat by the same customer places no second order
   * and gets the first answer again, whatever the status of the order is by then; a repeat with another body
   * is refused with 422.
   */
  placeOrder(request: PlaceOrderRequest, options?: CallOptions): Promise<Order>;

  /** Lists a customer's orders, newest first. */
  listOrders(request: ListOrdersRequest, options?: CallOptions): Promise<OrdersPage>;

  /** Shows an order. An order is found as soon as its creation was answered. */
  getOrder(request: GetOrderRequest, options?: CallOptions): Promise<Order>;

  /** Cancels an order. Possible while the order is placed or confirmed. Reserved stock is released. */
  cancelOrder(request: CancelOrderRequest, options?: CallOptions): Promise<Order>;

  /** Marks a confirmed order as shipped. */
  shipOrder(request: ShipOrderRequest, options?: CallOptions): Promise<Order>;
}

const ordersApi = (send: Send): OrdersApi => ({
  placeOrder: ({ idempotencyKey, body }, options) =>
    send({ method: 'POST', path: '/orders', idempotencyKey, body }, options),
  listOrders: ({ customerId, limit, cursor }, options) =>
    send({ method: 'GET', path: '/orders', query: { customerId, limit, cursor } }, options),
  getOrder: ({ orderId }, options) =>
    send({ method: 'GET', path: `/orders/${encodeURIComponent(orderId)}` }, options),
  cancelOrder: ({ orderId }, options) =>
    send({ method: 'POST', path: `/orders/${encodeURIComponent(orderId)}/cancel` }, options),
  shipOrder: ({ orderId }, options) =>
    send({ method: 'POST', path: `/orders/${encodeURIComponent(orderId)}/ship` }, options),
});

export interface RegisterEndpointRequest {
  readonly idempotencyKey?: IdempotencyKey | undefined;
  readonly body: NewEndpoint;
}

export interface ListEndpointsRequest {
}

export interface GetEndpointRequest {
  readonly endpointId: EndpointId;
}

export interface ChangeEndpointRequest {
  readonly endpointId: EndpointId;
  readonly body: EndpointRevision;
}

export interface DeleteEndpointRequest {
  readonly endpointId: EndpointId;
}

export interface RotateSecretRequest {
  readonly endpointId: EndpointId;
}

export interface TestEndpointRequest {
  readonly endpointId: EndpointId;
  readonly idempotencyKey?: IdempotencyKey | undefined;
}

export interface ListDeliveriesRequest {
  readonly endpointId: EndpointId;
  readonly limit?: number | undefined;
  readonly cursor?: Cursor | undefined;
}

export interface RetryDeliveryRequest {
  readonly deliveryId: DeliveryId;
}

export interface WebhooksApi {
  /**
   * Registers an endpoint. It gets the events that are published from then on. With an `Idempotency-Key`, a
   * repeat registers nothing and gets the endpoint as it is, with its present secret; a repeat with another
   * body is refused with 422.
   */
  registerEndpoint(request: RegisterEndpointRequest, options?: CallOptions): Promise<RegisteredEndpoint>;

  /** Lists a tenant's endpoints. */
  listEndpoints(request: ListEndpointsRequest, options?: CallOptions): Promise<EndpointsList>;

  /** Shows an endpoint. */
  getEndpoint(request: GetEndpointRequest, options?: CallOptions): Promise<Endpoint>;

  /**
   * Changes, disables or enables an endpoint. Events that are published while it is DISABLED do not reach it.
   * What waited before is sent when it is ENABLED again.
   */
  changeEndpoint(request: ChangeEndpointRequest, options?: CallOptions): Promise<Endpoint>;

  /** Deletes an endpoint. What waits for it is not sent. */
  deleteEndpoint(request: DeleteEndpointRequest, options?: CallOptions): Promise<Endpoint>;

  /**
   * Replaces the secret of an endpoint. For a day requests have a signature by each of both secrets, so that
   * receivers change theirs in their time.
   */
  rotateSecret(request: RotateSecretRequest, options?: CallOptions): Promise<RotatedSecret>;

  /**
   * Posts a test event to an endpoint. An event of the type `orderly.webhook-endpoint.tested.v1`, which no
   * topic has. With an `Idempotency-Key`, a repeat posts nothing and gets the same delivery as it is now.
   */
  testEndpoint(request: TestEndpointRequest, options?: CallOptions): Promise<Delivery>;

  /** Lists the deliveries to an endpoint, newest first. Those of the last 30 days, each with its attempts. */
  listDeliveries(request: ListDeliveriesRequest, options?: CallOptions): Promise<DeliveriesPage>;

  /**
   * Begins the attempts at a delivery anew. Also at one that was DELIVERED: its receiver gets the event
   * again, under the same `webhook-id`.
   */
  retryDelivery(request: RetryDeliveryRequest, options?: CallOptions): Promise<Delivery>;
}

const webhooksApi = (send: Send): WebhooksApi => ({
  registerEndpoint: ({ idempotencyKey, body }, options) =>
    send({ method: 'POST', path: '/endpoints', idempotencyKey, body }, options),
  listEndpoints: ({  }, options) =>
    send({ method: 'GET', path: '/endpoints' }, options),
  getEndpoint: ({ endpointId }, options) =>
    send({ method: 'GET', path: `/endpoints/${encodeURIComponent(endpointId)}` }, options),
  changeEndpoint: ({ endpointId, body }, options) =>
    send({ method: 'PATCH', path: `/endpoints/${encodeURIComponent(endpointId)}`, body }, options),
  deleteEndpoint: ({ endpointId }, options) =>
    send({ method: 'DELETE', path: `/endpoints/${encodeURIComponent(endpointId)}` }, options),
  rotateSecret: ({ endpointId }, options) =>
    send({ method: 'POST', path: `/endpoints/${encodeURIComponent(endpointId)}/secret` }, options),
  testEndpoint: ({ endpointId, idempotencyKey }, options) =>
    send(
      { method: 'POST', path: `/endpoints/${encodeURIComponent(endpointId)}/test`, idempotencyKey },
      options,
    ),
  listDeliveries: ({ endpointId, limit, cursor }, options) =>
    send(
      { method: 'GET', path: `/endpoints/${encodeURIComponent(endpointId)}/deliveries`, query: { limit, cursor } },
      options,
    ),
  retryDelivery: ({ deliveryId }, options) =>
    send({ method: 'POST', path: `/deliveries/${encodeURIComponent(deliveryId)}/retry` }, options),
});

/** The APIs by service. */
export interface OrderlyApis {
  readonly inventory: InventoryApi;
  readonly notifications: NotificationsApi;
  readonly orders: OrdersApi;
  readonly webhooks: WebhooksApi;
}

export type Service = keyof OrderlyApis;

export const orderlyApis = (sendTo: (service: Service) => Send): OrderlyApis => ({
  inventory: inventoryApi(sendTo('inventory')),
  notifications: notificationsApi(sendTo('notifications')),
  orders: ordersApi(sendTo('orders')),
  webhooks: webhooksApi(sendTo('webhooks')),
});
