import {
  type Currency,
  type DataOf,
  type MinorUnits,
  minorDigits,
  type NotificationKind,
  type OrderConfirmed,
  type OrderLine,
  type Shortage,
} from '@orderly/contracts';

/** What the customer reads. */
export interface Message {
  readonly subject: string;
  readonly text: string;
}

/** The order as every order event carries it. */
export type OrderData = Omit<DataOf<typeof OrderConfirmed>, 'confirmedAt'> & {
  readonly shortages?: readonly Shortage[];
};

const templates: Readonly<Record<NotificationKind, (order: OrderData) => Message>> = {
  'order-confirmed': (order) => ({
    subject: `Your order ${short(order)} is confirmed`,
    text: `Thank you for your order. We have set everything aside for you:\n\n${basket(order)}`,
  }),
  'order-rejected': (order) => ({
    subject: `We cannot fulfil your order ${short(order)}`,
    text: `We are sorry: we do not have enough of\n\n${shortages(order)}\n\nNothing was charged.`,
  }),
  'order-cancelled': (order) => ({
    subject: `Your order ${short(order)} is cancelled`,
    text: `As you asked, we have cancelled this order:\n\n${basket(order)}`,
  }),
  'order-shipped': (order) => ({
    subject: `Your order ${short(order)} is on its way`,
    text: `Your order has left our warehouse:\n\n${basket(order)}`,
  }),
};

/** The message of a kind about an order, in English. */
export function message(kind: NotificationKind, order: OrderData): Message {
  return templates[kind](order);
}

/** To make one takes longer than to format the lines of an order. */
const formats = new Map<Currency, Intl.NumberFormat>();

function formatOf(currency: Currency): Intl.NumberFormat {
  const digits = minorDigits(currency);
  const format =
    formats.get(currency) ??
    new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  formats.set(currency, format);
  return format;
}

/** Minor units as people write them, e.g. `£15.30`, `¥153`. */
export function money(amount: MinorUnits, currency: Currency): string {
  const digits = minorDigits(currency);
  // As text: a double does not hold every sum in minor units divided.
  const units = String(amount).padStart(digits + 1, '0');
  const whole = units.slice(0, units.length - digits);
  return formatOf(currency).format(`${Number(whole)}.${units.slice(units.length - digits)}` as `${number}`);
}

function basket({ lines, total, currency }: OrderData): string {
  const rows = lines.map(
    ({ quantity, name, sku, lineTotal }) => `${quantity} x ${name} (${sku})  ${money(lineTotal, currency)}`,
  );
  return [...rows, '', `Total: ${money(total, currency)}`].join('\n');
}

function shortages({ lines, shortages = [] }: OrderData): string {
  const names = new Map(lines.map(({ sku, name }: OrderLine) => [sku, name]));
  return shortages
    .map(
      ({ sku, requested, available }) => `${names.get(sku) ?? sku}: ${requested} wanted, ${available} left`,
    )
    .join('\n');
}

/** The first block of the id is enough for people. */
function short({ orderId }: OrderData): string {
  return orderId.slice(0, 8);
}
