/** What came of one invocation. `stopped`: the platform is stopping, and nobody knows how the function ended, if it ran. */
export type Invocation =
  | { readonly kind: 'answer'; readonly payload: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'stopped' };

/** Runs a function once and waits for its answer. Never rejects, and does not change the event. */
export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;
