import type { EventOf, OrderCancelled, OrderConfirmed, OrderId } from '@orderly/contracts';

/**
 * What a sheet tells the people in the warehouse: pick it, put it back, or never mind. `CANCELLED` stands for an order
 * that was cancelled before it was printed: its confirmation may still be on the way and must not be printed.
 */
export type Title = 'PICK LIST' | 'WITHDRAWN' | 'CANCELLED';

/** The one sheet of an order, the newest. */
export interface Sheet {
  readonly title: Title;
  readonly orderId: OrderId;
  /** The order's version that it follows from: events that are not newer were heard already. */
  readonly sequence: number;
}

export type OrderEvent = EventOf<typeof OrderConfirmed> | EventOf<typeof OrderCancelled>;

/** The sheet that a confirmed order gets. @returns undefined when it has one that is as new or newer */
export function print(standing: Sheet | undefined, event: EventOf<typeof OrderConfirmed>): Sheet | undefined {
  return isNews(standing, event) ? sheet('PICK LIST', event) : undefined;
}

/** The sheet that a cancelled order gets. @returns undefined when it has one that is as new or newer */
export function withdraw(
  standing: Sheet | undefined,
  event: EventOf<typeof OrderCancelled>,
): Sheet | undefined {
  if (!isNews(standing, event)) return undefined;
  return sheet(standing === undefined ? 'CANCELLED' : 'WITHDRAWN', event);
}

function isNews(standing: Sheet | undefined, { sequence }: OrderEvent): boolean {
  return standing === undefined || standing.sequence < sequence;
}

function sheet(title: Title, { sequence, data }: OrderEvent): Sheet {
  return { title, orderId: data.orderId, sequence };
}

/** The sheet as it is printed. */
export function toText({ title, orderId, sequence }: Sheet, lines: OrderEvent['data']['lines']): string {
  const rows = lines.map(({ quantity, sku, name }) => `${String(quantity).padStart(6)} x ${sku}  ${name}`);
  return [`${title} ${orderId}, version ${sequence}`, ...(title === 'CANCELLED' ? [] : rows), ''].join('\n');
}

/** Reads what `toText` wrote about an order. @throws Error when it is something else */
export function fromText(orderId: OrderId, text: string): Sheet {
  const [, title, sequence] = /^(PICK LIST|WITHDRAWN|CANCELLED) \S+, version (\d+)\n/.exec(text) ?? [];
  if (title === undefined) throw new Error(`The sheet of order ${orderId} is not one of ours: ${text}`);
  return { title: title as Title, orderId, sequence: Number(sequence) };
}
