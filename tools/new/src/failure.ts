/** A command line that cannot be done as it is: the message names the input at fault. Exit code 2. */
export class UsageFailure extends Error {
  override readonly name = 'UsageFailure';
}

/** Something else that went wrong, in a sentence for people. Exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
