/**
 * An error that a service of AWS answers with.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
 */
export class AwsError extends Error {
  /** The name that SDKs see, e.g. `ConditionalCheckFailedException`. */
  readonly code: string;
  readonly status: number;
  /** More members of the answer, e.g. `CancellationReasons`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    { status = 400, fields = {} }: { status?: number; fields?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}
