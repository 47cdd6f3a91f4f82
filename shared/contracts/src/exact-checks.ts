// Generated from the events beside it by `npm run contracts:build`; do not edit.
import { currencyCodes } from './currency.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** How many fields an optional one adds. */
const one = (field: unknown): number => (field === undefined ? 0 : 1);

/** valibot drops these names from a record. */
const leftOut = /^(?:__proto__|prototype|constructor)$/;

const idPattern = /^[\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f](?:-[\da-f][\da-f][\da-f][\da-f]){3}-[\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f][\da-f]$/iu;

const sourcePattern = /^orderly\/[a-z-]+$/;

const timePattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:[12]\d|0[1-9]|3[01])[T ](?:0\d|1\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?(?:Z| ?[+-](?:0\d|1\d|2[0-3])(?::?[0-5]\d)?)$/u;

const traceparentPattern = /^00-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-[0-9a-f][0-9a-f]$/;

const replacedbyPattern = /^orderly\.([a-z]+)\.([a-z]+)\.v([1-9]\d*)$/;

function isEnvelope(value: unknown): value is Fields {
  return (
    isObject(value) &&
    value.specversion === "1.0" &&
    typeof value.id === 'string' && idPattern.test(value.id) &&
    typeof value.source === 'string' && sourcePattern.test(value.source) &&
    typeof value.subject === 'string' && value.subject.length >= 1 && value.subject.length <= 128 &&
    typeof value.time === 'string' && timePattern.test(value.time) &&
    value.datacontenttype === "application/json" &&
    typeof value.dataschema === 'string' &&
    typeof value.sequence === 'number' && Number.isInteger(value.sequence) && value.sequence >= 1 &&
    typeof value.correlationid === 'string' && value.correlationid.length >= 1 && value.correlationid.length <= 128 &&
    typeof value.causationid === 'string' && value.causationid.length >= 1 && value.causationid.length <= 128 &&
    (value.traceparent === undefined || (typeof value.traceparent === 'string' && traceparentPattern.test(value.traceparent))) &&
    (value.replacedby === undefined || (typeof value.replacedby === 'string' && replacedbyPattern.test(value.replacedby))) &&
    (value.orderlyreplay === undefined || (typeof value.orderlyreplay === 'boolean')) &&
    typeof value.type === 'string' &&
    value.data !== undefined &&
    Object.keys(value).length === 12 + one(value.traceparent) + one(value.replacedby) + one(value.orderlyreplay)
  );
}

const orderIdPattern = /^[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f](-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]){3}-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]$/;

const idPattern2 = /^[A-Za-z0-9._:|@-]{1,64}$/;

const emailPattern = /^(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

function isCustomer(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.id === 'string' && idPattern2.test(value.id) &&
    typeof value.email === 'string' && value.email.length <= 254 && emailPattern.test(value.email) &&
    Object.keys(value).length === 2
  );
}

const currencies = /* @__PURE__ */ new Set<unknown>(currencyCodes);

const skuPattern = /^(?!\p{Zs}|.*\p{Zs}$|\.{1,2}$)[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800/\\?#%]{1,64}$/u;

const namePattern = /^(?![\p{Z}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800]+$)[^\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u;

function isLinesItem(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.sku === 'string' && skuPattern.test(value.sku) &&
    typeof value.name === 'string' && value.name.length >= 1 && value.name.length <= 200 && namePattern.test(value.name) &&
    typeof value.quantity === 'number' && Number.isInteger(value.quantity) && value.quantity >= 1 && value.quantity <= 100000 &&
    typeof value.unitPrice === 'number' && Number.isInteger(value.unitPrice) && value.unitPrice >= 0 && value.unitPrice <= 1000000000000000 &&
    typeof value.lineTotal === 'number' && Number.isInteger(value.lineTotal) && value.lineTotal >= 0 && value.lineTotal <= 9007199254740991 &&
    Object.keys(value).length === 5
  );
}

function isLines(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 1000)) return false;
  for (const item of value) if (!(isLinesItem(item))) return false;
  return true;
}

const placedAtPattern = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z$/;

const metadataContentPattern = /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u;

function isMetadata(value: unknown): boolean {
  if (!isObject(value) || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  for (const key of keys) {
    const content = value[key];
    if (!(!leftOut.test(key) && typeof key === 'string' && key.length >= 1 && key.length <= 40 && namePattern.test(key) && typeof content === 'string' && content.length <= 500 && metadataContentPattern.test(content))) return false;
  }
  return keys.length <= 20;
}

function isOrderPlacedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isCustomer(value.customer) &&
    currencies.has(value.currency) &&
    isLines(value.lines) &&
    typeof value.total === 'number' && Number.isInteger(value.total) && value.total >= 0 && value.total <= 9007199254740991 &&
    typeof value.placedAt === 'string' && placedAtPattern.test(value.placedAt) &&
    (value.reference === undefined || (typeof value.reference === 'string' && value.reference.length >= 1 && value.reference.length <= 64 && namePattern.test(value.reference))) &&
    (value.metadata === undefined || (isMetadata(value.metadata))) &&
    Object.keys(value).length === 6 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderPlacedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.placed.v1' && isOrderPlacedV1Data(event.data);

function isOrderConfirmedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isCustomer(value.customer) &&
    currencies.has(value.currency) &&
    isLines(value.lines) &&
    typeof value.total === 'number' && Number.isInteger(value.total) && value.total >= 0 && value.total <= 9007199254740991 &&
    typeof value.placedAt === 'string' && placedAtPattern.test(value.placedAt) &&
    (value.reference === undefined || (typeof value.reference === 'string' && value.reference.length >= 1 && value.reference.length <= 64 && namePattern.test(value.reference))) &&
    (value.metadata === undefined || (isMetadata(value.metadata))) &&
    typeof value.confirmedAt === 'string' && placedAtPattern.test(value.confirmedAt) &&
    Object.keys(value).length === 7 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderConfirmedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.confirmed.v1' && isOrderConfirmedV1Data(event.data);

function isShortagesItem(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.sku === 'string' && skuPattern.test(value.sku) &&
    typeof value.requested === 'number' && Number.isInteger(value.requested) && value.requested >= 1 && value.requested <= 100000 &&
    typeof value.available === 'number' && Number.isInteger(value.available) && value.available >= 0 && value.available <= 1000000000 &&
    Object.keys(value).length === 3
  );
}

function isShortages(value: unknown): boolean {
  if (!(Array.isArray(value))) return false;
  for (const item of value) if (!(isShortagesItem(item))) return false;
  return true;
}

function isOrderRejectedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isCustomer(value.customer) &&
    currencies.has(value.currency) &&
    isLines(value.lines) &&
    typeof value.total === 'number' && Number.isInteger(value.total) && value.total >= 0 && value.total <= 9007199254740991 &&
    typeof value.placedAt === 'string' && placedAtPattern.test(value.placedAt) &&
    (value.reference === undefined || (typeof value.reference === 'string' && value.reference.length >= 1 && value.reference.length <= 64 && namePattern.test(value.reference))) &&
    (value.metadata === undefined || (isMetadata(value.metadata))) &&
    typeof value.rejectedAt === 'string' && placedAtPattern.test(value.rejectedAt) &&
    isShortages(value.shortages) &&
    Object.keys(value).length === 8 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderRejectedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.rejected.v1' && isOrderRejectedV1Data(event.data);

function isOrderCancelledV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isCustomer(value.customer) &&
    currencies.has(value.currency) &&
    isLines(value.lines) &&
    typeof value.total === 'number' && Number.isInteger(value.total) && value.total >= 0 && value.total <= 9007199254740991 &&
    typeof value.placedAt === 'string' && placedAtPattern.test(value.placedAt) &&
    (value.reference === undefined || (typeof value.reference === 'string' && value.reference.length >= 1 && value.reference.length <= 64 && namePattern.test(value.reference))) &&
    (value.metadata === undefined || (isMetadata(value.metadata))) &&
    typeof value.cancelledAt === 'string' && placedAtPattern.test(value.cancelledAt) &&
    Object.keys(value).length === 7 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderCancelledV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.cancelled.v1' && isOrderCancelledV1Data(event.data);

function isOrderShippedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isCustomer(value.customer) &&
    currencies.has(value.currency) &&
    isLines(value.lines) &&
    typeof value.total === 'number' && Number.isInteger(value.total) && value.total >= 0 && value.total <= 9007199254740991 &&
    typeof value.placedAt === 'string' && placedAtPattern.test(value.placedAt) &&
    (value.reference === undefined || (typeof value.reference === 'string' && value.reference.length >= 1 && value.reference.length <= 64 && namePattern.test(value.reference))) &&
    (value.metadata === undefined || (isMetadata(value.metadata))) &&
    typeof value.shippedAt === 'string' && placedAtPattern.test(value.shippedAt) &&
    Object.keys(value).length === 7 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderShippedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.shipped.v1' && isOrderShippedV1Data(event.data);

function isProductUpsertedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.sku === 'string' && skuPattern.test(value.sku) &&
    typeof value.name === 'string' && value.name.length >= 1 && value.name.length <= 200 && namePattern.test(value.name) &&
    typeof value.price === 'number' && Number.isInteger(value.price) && value.price >= 0 && value.price <= 1000000000000000 &&
    currencies.has(value.currency) &&
    typeof value.onSale === 'boolean' &&
    Object.keys(value).length === 5
  );
}

export const isProductUpsertedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.product.upserted.v1' && isProductUpsertedV1Data(event.data);

function isLinesItem2(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.sku === 'string' && skuPattern.test(value.sku) &&
    typeof value.quantity === 'number' && Number.isInteger(value.quantity) && value.quantity >= 1 && value.quantity <= 100000 &&
    Object.keys(value).length === 2
  );
}

function isLines2(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1 && value.length <= 1000)) return false;
  for (const item of value) if (!(isLinesItem2(item))) return false;
  return true;
}

function isStockReservedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isLines2(value.lines) &&
    typeof value.reservedAt === 'string' && placedAtPattern.test(value.reservedAt) &&
    Object.keys(value).length === 3
  );
}

export const isStockReservedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.reserved.v1' && isStockReservedV1Data(event.data);

function isShortages2(value: unknown): boolean {
  if (!(Array.isArray(value) && value.length >= 1)) return false;
  for (const item of value) if (!(isShortagesItem(item))) return false;
  return true;
}

function isStockRejectedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isShortages2(value.shortages) &&
    typeof value.rejectedAt === 'string' && placedAtPattern.test(value.rejectedAt) &&
    Object.keys(value).length === 3
  );
}

export const isStockRejectedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.rejected.v1' && isStockRejectedV1Data(event.data);

function isStockReleasedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isLines2(value.lines) &&
    typeof value.releasedAt === 'string' && placedAtPattern.test(value.releasedAt) &&
    Object.keys(value).length === 3
  );
}

export const isStockReleasedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.released.v1' && isStockReleasedV1Data(event.data);

function isStockShippedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    isLines2(value.lines) &&
    typeof value.shippedAt === 'string' && placedAtPattern.test(value.shippedAt) &&
    Object.keys(value).length === 3
  );
}

export const isStockShippedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.shipped.v1' && isStockShippedV1Data(event.data);

function isNotificationSentV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.notificationId === 'string' && value.notificationId.length >= 1 && value.notificationId.length <= 128 &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    (value.kind === "order-confirmed" || value.kind === "order-rejected" || value.kind === "order-cancelled" || value.kind === "order-shipped") &&
    (value.channel === "log" || value.channel === "smtp" || value.channel === "ses") &&
    typeof value.messageId === 'string' && value.messageId.length <= 998 &&
    typeof value.sentAt === 'string' && placedAtPattern.test(value.sentAt) &&
    Object.keys(value).length === 6
  );
}

export const isNotificationSentV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.notification.sent.v1' && isNotificationSentV1Data(event.data);

function isNotificationFailedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.notificationId === 'string' && value.notificationId.length >= 1 && value.notificationId.length <= 128 &&
    typeof value.orderId === 'string' && orderIdPattern.test(value.orderId) &&
    (value.kind === "order-confirmed" || value.kind === "order-rejected" || value.kind === "order-cancelled" || value.kind === "order-shipped") &&
    (value.channel === "log" || value.channel === "smtp" || value.channel === "ses") &&
    typeof value.reason === 'string' && value.reason.length >= 1 && value.reason.length <= 500 && namePattern.test(value.reason) &&
    typeof value.failedAt === 'string' && placedAtPattern.test(value.failedAt) &&
    Object.keys(value).length === 6
  );
}

export const isNotificationFailedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.notification.failed.v1' && isNotificationFailedV1Data(event.data);

function isWebhookEndpointDisabledV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    typeof value.endpointId === 'string' && orderIdPattern.test(value.endpointId) &&
    typeof value.tenant === 'string' && value.tenant.length >= 1 && value.tenant.length <= 255 && namePattern.test(value.tenant) &&
    typeof value.host === 'string' && value.host.length >= 1 && value.host.length <= 255 && namePattern.test(value.host) &&
    (value.reason === "GONE" || value.reason === "FAILING") &&
    typeof value.failingSince === 'string' && placedAtPattern.test(value.failingSince) &&
    typeof value.disabledAt === 'string' && placedAtPattern.test(value.disabledAt) &&
    Object.keys(value).length === 6
  );
}

export const isWebhookEndpointDisabledV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.webhook-endpoint.disabled.v1' && isWebhookEndpointDisabledV1Data(event.data);
