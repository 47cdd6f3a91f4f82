// Generated from the events beside it by `npm run contracts:build`; do not edit.
import { currencyCodes } from './currency.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isText = (value: unknown, min: number, max: number): value is string =>
  typeof value === 'string' && value.length >= min && value.length <= max;

const matches = (value: unknown, pattern: RegExp): value is string =>
  typeof value === 'string' && pattern.test(value);

const isInteger = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

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
    matches(value.id, idPattern) &&
    matches(value.source, sourcePattern) &&
    isText(value.subject, 1, 128) &&
    matches(value.time, timePattern) &&
    value.datacontenttype === "application/json" &&
    typeof value.dataschema === 'string' &&
    isInteger(value.sequence, 1, Infinity) &&
    isText(value.correlationid, 1, 128) &&
    isText(value.causationid, 1, 128) &&
    (value.traceparent === undefined || matches(value.traceparent, traceparentPattern)) &&
    (value.replacedby === undefined || matches(value.replacedby, replacedbyPattern)) &&
    (value.orderlyreplay === undefined || typeof value.orderlyreplay === 'boolean') &&
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
    matches(value.id, idPattern2) &&
    isText(value.email, 0, 254) && emailPattern.test(value.email) &&
    Object.keys(value).length === 2
  );
}

const currencies = /* @__PURE__ */ new Set<unknown>(currencyCodes);

const skuPattern = /^(?!\p{Zs}|.*\p{Zs}$|\.{1,2}$)[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800/\\?#%]{1,64}$/u;

const namePattern = /^(?![\p{Z}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800]+$)[^\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u;

function isLinesItem(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.sku, skuPattern) &&
    isText(value.name, 1, 200) && namePattern.test(value.name) &&
    isInteger(value.quantity, 1, 100000) &&
    isInteger(value.unitPrice, 0, 1000000000000000) &&
    isInteger(value.lineTotal, 0, 9007199254740991) &&
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
    if (!(!leftOut.test(key) && isText(key, 1, 40) && namePattern.test(key) && isText(content, 0, 500) && metadataContentPattern.test(content))) return false;
  }
  return keys.length <= 20;
}

function isOrdereventsFields(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.orderId, orderIdPattern) &&
    isCustomer(value.customer) &&
    currencies.has(value.currency) &&
    isLines(value.lines) &&
    isInteger(value.total, 0, 9007199254740991) &&
    matches(value.placedAt, placedAtPattern) &&
    (value.reference === undefined || isText(value.reference, 1, 64) && namePattern.test(value.reference)) &&
    (value.metadata === undefined || isMetadata(value.metadata))
  );
}

function isOrderPlacedV1Data(value: unknown): value is Fields {
  return (
    isOrdereventsFields(value) &&
    Object.keys(value).length === 6 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderPlacedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.placed.v1' && isOrderPlacedV1Data(event.data);

function isOrderConfirmedV1Data(value: unknown): value is Fields {
  return (
    isOrdereventsFields(value) &&
    matches(value.confirmedAt, placedAtPattern) &&
    Object.keys(value).length === 7 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderConfirmedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.confirmed.v1' && isOrderConfirmedV1Data(event.data);

function isShortagesItem(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.sku, skuPattern) &&
    isInteger(value.requested, 1, 100000) &&
    isInteger(value.available, 0, 1000000000) &&
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
    isOrdereventsFields(value) &&
    matches(value.rejectedAt, placedAtPattern) &&
    isShortages(value.shortages) &&
    Object.keys(value).length === 8 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderRejectedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.rejected.v1' && isOrderRejectedV1Data(event.data);

function isOrderCancelledV1Data(value: unknown): value is Fields {
  return (
    isOrdereventsFields(value) &&
    matches(value.cancelledAt, placedAtPattern) &&
    Object.keys(value).length === 7 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderCancelledV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.cancelled.v1' && isOrderCancelledV1Data(event.data);

function isOrderShippedV1Data(value: unknown): value is Fields {
  return (
    isOrdereventsFields(value) &&
    matches(value.shippedAt, placedAtPattern) &&
    Object.keys(value).length === 7 + one(value.reference) + one(value.metadata)
  );
}

export const isOrderShippedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.order.shipped.v1' && isOrderShippedV1Data(event.data);

function isProductUpsertedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.sku, skuPattern) &&
    isText(value.name, 1, 200) && namePattern.test(value.name) &&
    isInteger(value.price, 0, 1000000000000000) &&
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
    matches(value.sku, skuPattern) &&
    isInteger(value.quantity, 1, 100000) &&
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
    matches(value.orderId, orderIdPattern) &&
    isLines2(value.lines) &&
    matches(value.reservedAt, placedAtPattern) &&
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
    matches(value.orderId, orderIdPattern) &&
    isShortages2(value.shortages) &&
    matches(value.rejectedAt, placedAtPattern) &&
    Object.keys(value).length === 3
  );
}

export const isStockRejectedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.rejected.v1' && isStockRejectedV1Data(event.data);

function isStockReleasedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.orderId, orderIdPattern) &&
    isLines2(value.lines) &&
    matches(value.releasedAt, placedAtPattern) &&
    Object.keys(value).length === 3
  );
}

export const isStockReleasedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.released.v1' && isStockReleasedV1Data(event.data);

function isStockShippedV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.orderId, orderIdPattern) &&
    isLines2(value.lines) &&
    matches(value.shippedAt, placedAtPattern) &&
    Object.keys(value).length === 3
  );
}

export const isStockShippedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.stock.shipped.v1' && isStockShippedV1Data(event.data);

function isNotificationeventsFields(value: unknown): value is Fields {
  return (
    isObject(value) &&
    isText(value.notificationId, 1, 128) &&
    matches(value.orderId, orderIdPattern) &&
    (value.kind === "order-confirmed" || value.kind === "order-rejected" || value.kind === "order-cancelled" || value.kind === "order-shipped") &&
    (value.channel === "log" || value.channel === "smtp" || value.channel === "ses")
  );
}

function isNotificationSentV1Data(value: unknown): value is Fields {
  return (
    isNotificationeventsFields(value) &&
    isText(value.messageId, 0, 998) &&
    matches(value.sentAt, placedAtPattern) &&
    Object.keys(value).length === 6
  );
}

export const isNotificationSentV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.notification.sent.v1' && isNotificationSentV1Data(event.data);

function isNotificationFailedV1Data(value: unknown): value is Fields {
  return (
    isNotificationeventsFields(value) &&
    isText(value.reason, 1, 500) && namePattern.test(value.reason) &&
    matches(value.failedAt, placedAtPattern) &&
    Object.keys(value).length === 6
  );
}

export const isNotificationFailedV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.notification.failed.v1' && isNotificationFailedV1Data(event.data);

function isWebhookEndpointDisabledV1Data(value: unknown): value is Fields {
  return (
    isObject(value) &&
    matches(value.endpointId, orderIdPattern) &&
    isText(value.tenant, 1, 255) && namePattern.test(value.tenant) &&
    isText(value.host, 1, 255) && namePattern.test(value.host) &&
    (value.reason === "GONE" || value.reason === "FAILING") &&
    matches(value.failingSince, placedAtPattern) &&
    matches(value.disabledAt, placedAtPattern) &&
    Object.keys(value).length === 6
  );
}

export const isWebhookEndpointDisabledV1 = (event: unknown): boolean =>
  isEnvelope(event) && event.type === 'orderly.webhook-endpoint.disabled.v1' && isWebhookEndpointDisabledV1Data(event.data);
