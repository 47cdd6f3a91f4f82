import type { JsonObject } from './protocol/service.ts';

export type ServiceName = 'dynamodb' | 'streams' | 'sqs';

/**
 * Calls an operation of a service over whatever leads to it: HTTP, or the service itself in this process. Input and
 * output are the JSON of AWS's protocol.
 * @throws AwsError as the service answers it, or any other error when the service cannot be reached
 */
export type AwsCall = (
  service: ServiceName,
  operation: string,
  input: JsonObject,
  signal?: AbortSignal,
) => Promise<JsonObject>;
