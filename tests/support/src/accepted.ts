/** An order as its customer knows it. */
export interface AcceptedOrder {
  /** The idempotency key it was placed with. */
  readonly key: string;
  cancelled: boolean;
  shipped: boolean;
}

/** What the platform has said yes to, as its callers know it; nothing else counts as accepted. */
export class Accepted {
  /** By order id. */
  readonly orders = new Map<string, AcceptedOrder>();
  /** Pieces by SKU that were put in, less those that were written off. */
  readonly stock = new Map<string, number>();
  /** The last details of each product that were accepted. */
  readonly products = new Map<string, { readonly name: string; readonly price: number }>();
  /** Orders that were refused because a registered product stayed unknown to the orders service: one sentence each. */
  readonly unknown: string[] = [];
}
