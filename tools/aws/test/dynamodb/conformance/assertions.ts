import assert from 'node:assert/strict';

const toRefusal = (error: Error) => {
  const { $metadata, Item, CancellationReasons } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly Item?: unknown;
    readonly CancellationReasons?: readonly unknown[];
  };
  const { name, message } = error;
  return { name, message, status: $metadata?.httpStatusCode, item: Item, reasons: CancellationReasons };
};

/** The members of errors that cases look at. */
export type Refusal = Readonly<ReturnType<typeof toRefusal>>;

/**
 * Waits for a refusal of DynamoDB.
 * @param message the exact text, or a pattern where only a part of the text is known
 * @throws AssertionError when the request succeeds, or fails in another way
 */
export const refused = async (
  request: Promise<unknown>,
  name: string,
  message?: string | RegExp,
): Promise<Refusal> => {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert(error instanceof Error, `Expected ${name}, but the request succeeded.`);
  const refusal = toRefusal(error);
  assert.equal(refusal.name, name, `Expected ${name}, got ${refusal.name}: ${refusal.message}`);
  if (typeof message === 'string') assert.equal(refusal.message, message);
  if (message instanceof RegExp) assert.match(refusal.message, message);
  return refusal;
};

export const invalid = (request: Promise<unknown>, message?: string | RegExp): Promise<Refusal> =>
  refused(request, 'ValidationException', message);
