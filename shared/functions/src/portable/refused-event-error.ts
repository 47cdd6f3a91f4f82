/** The broker has all events before this one, and refuses it for good: trying again would block its subject for ever. */
export class RefusedEventError extends Error {
  override readonly name = 'RefusedEventError';

  /** @param options.cause the broker's error: the reason */
  constructor(
    readonly eventId: string,
    options: ErrorOptions,
  ) {
    super(`The broker refuses the event ${eventId} for good`, options);
  }
}
