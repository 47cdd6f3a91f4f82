/** The result of one invocation. `stopped`: the platform is stopping, and the function may have run or not. */
export type Invocation =
  | { readonly outcome: 'answer'; readonly payload: unknown }
  | { readonly outcome: 'error'; readonly message: string }
  | { readonly outcome: 'stopped' };

/** Runs a function once and waits for its answer. Never rejects, and does not change the event. */
export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;
