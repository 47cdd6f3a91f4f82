/** A service of the cloud has refused, or is not well. The message has nothing of the request. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  /** @param status of its answer */
  constructor(
    message: string,
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
