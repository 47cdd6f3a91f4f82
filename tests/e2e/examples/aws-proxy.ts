import { type AwsReply, startAwsProxy } from '@orderly/local/aws-proxy';

/** Decides about one request. `forward` carries it out; without a reply the caller is cut off. */
export type Interception = (forward: () => Promise<AwsReply>) => Promise<AwsReply | undefined>;

/** Stands between a program and an emulator, so that a test can act at one exact request. */
export interface InterceptingProxy {
  readonly url: string;
  /**
   * Acts at one request for an operation, e.g. the third `TransactWriteItems` from now on (1 is the next).
   * @returns a promise that resolves when it has come and was dealt with
   */
  intercept(operation: string, number: number, interception: Interception): Promise<void>;
  /** Forgets interceptions whose request did not come. */
  reset(): void;
  close(): void;
}

/** @param target the emulator's URL */
export async function startProxy(target: string): Promise<InterceptingProxy> {
  const pending: { operation: string; left: number; interception: Interception }[] = [];

  function interceptionOf(operation: string): Interception | undefined {
    const found = pending.find((entry) => entry.operation === operation);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left > 0) return undefined;
    pending.splice(pending.indexOf(found), 1);
    return found.interception;
  }

  const { url, close } = await startAwsProxy(
    target,
    async ({ operation }, forward) => interceptionOf(operation)?.(forward) ?? forward(),
  );
  return {
    url,
    close,
    intercept(operation, number, interception) {
      return new Promise((dealtWith) => {
        const observed: Interception = (forward) => interception(forward).finally(dealtWith);
        pending.push({ operation, left: number, interception: observed });
      });
    },
    reset() {
      pending.length = 0;
    },
  };
}
