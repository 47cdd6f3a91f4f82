/** What invokes a function, as any cloud can be told. */
export type Trigger =
  | {
      readonly kind: 'route';
      readonly method: string;
      /** As serverless.yml spells it, e.g. `/orders/{orderId}`. */
      readonly path: string;
      /** A token must have one of them; empty where no token is required. */
      readonly scopes: readonly string[];
    }
  /** Every request that no route answers. */
  | { readonly kind: 'fallback' }
  | { readonly kind: 'subscription'; readonly topic: string; readonly eventTypes: readonly string[] }
  /** Publishes what is left of what the service has written, now and then. */
  | { readonly kind: 'publisher' }
  | { readonly kind: 'schedule'; readonly everySeconds: number; readonly enabled: boolean }
  /** The service's own queue without order. */
  | { readonly kind: 'tasks'; readonly queue: string };
