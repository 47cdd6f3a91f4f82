/** A text that no template and no environment contains. */
export interface Secret {
  /** Reads it once, and again after a failure or `discard`. @throws Error that names the secret and the status */
  read(): Promise<string>;
  /** Call this when the value is refused: it may have been changed. */
  discard(): void;
}

/** A secret whose value is known already. */
export const knownSecret = (value: string): Secret => ({ read: async () => value, discard: () => undefined });

/** A secret that is read at once, while the function loads. */
export function readOnce(read: () => Promise<string>): Secret {
  let value: Promise<string> | undefined;
  const secret: Secret = {
    read: () => {
      value ??= read();
      value.catch(secret.discard);
      return value;
    },
    discard: () => {
      value = undefined;
    },
  };
  // The first use reports a failure.
  secret.read().catch(() => undefined);
  return secret;
}
