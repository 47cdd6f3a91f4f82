import type { EventOf, OrderCancelled, OrderConfirmed, OrderId } from '@orderly/contracts';

/**
 * What the warehouse does with a sheet: pick the order, put it back, or nothing. `CANCELLED` is an order that was
 * cancelled before it was printed: its confirmation may still arrive and must not be printed.
 */
export type Title = 'PICK LIST' | 'WITHDRAWN' | 'CANCELLED';

/** The newest sheet of an order. */
export interface Sheet {
  readonly title: Title;
  readonly orderId: OrderId;
  /** The `sequence` of the event that it results from. Events that are not newer were already handled. */
  readonly sequence: number;
}

export type OrderEvent = EventOf<typeof OrderConfirmed> | EventOf<typeof OrderCancelled>;

/** The sheet of a confirmed order. @returns undefined when the order has one that is as new or newer */
export function print(current: Sheet | undefined, event: EventOf<typeof OrderConfirmed>): Sheet | undefined {
  return isNewer(current, event) ? sheet('PICK LIST', event) : undefined;
}

/** The sheet of a cancelled order. @returns undefined when the order has one that is as new or newer */
export function withdraw(
  current: Sheet | undefined,
  event: EventOf<typeof OrderCancelled>,
): Sheet | undefined {
  if (!isNewer(current, event)) return undefined;
  return sheet(current === undefined ? 'CANCELLED' : 'WITHDRAWN', event);
}

function isNewer(current: Sheet | undefined, { sequence }: OrderEvent): boolean {
  return current === undefined || current.sequence < sequence;
}

function sheet(title: Title, { sequence, data }: OrderEvent): Sheet {
  return { title, orderId: data.orderId, sequence };
}

/** The sheet as it is printed. */
export function toText({ title, orderId, sequence }: Sheet, lines: OrderEvent['data']['lines']): string {
  const rows = lines.map(({ quantity, sku, name }) => `${String(quantity).padStart(6)} x ${sku}  ${name}`);
  return [`${title} ${orderId}, version ${sequence}`, ...(title === 'CANCELLED' ? [] : rows), ''].join('\n');
}

/** Reads what `toText` wrote about an order. @throws Error for any other text */
export function fromText(orderId: OrderId, text: string): Sheet {
  const [, title, sequence] = /^(PICK LIST|WITHDRAWN|CANCELLED) \S+, version (\d+)\n/.exec(text) ?? [];
  if (title === undefined) throw new Error(`The sheet of order ${orderId} is not one of ours: ${text}`);
  return { title: title as Title, orderId, sequence: Number(sequence) };
}
