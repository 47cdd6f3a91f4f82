import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { EndpointService } from './endpoint.ts';
import { isLocal, type Target } from './target.ts';

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly sqs: SQSClient;
  /** Absent where SQS is not AWS's: nobody else measures its queues. */
  readonly cloudwatch?: CloudWatchClient;
}

/** A person waits: more patience than a function has, and still an end. */
const common = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** API clients for a target; on AWS with the default credential chain. The caller destroys them. */
export function createClients(target: Target): Clients {
  const { region, endpoints } = target;
  const at = (service: EndpointService) => ({
    ...common,
    region,
    ...(endpoints[service] !== undefined && { endpoint: endpoints[service] }),
    ...(isLocal(target, service) && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  });
  return {
    dynamodb: new DynamoDBClient(at('dynamodb')),
    streams: new DynamoDBStreamsClient(at('dynamodb')),
    // An emulator may name its queues by an address that it does not have from here.
    sqs: new SQSClient({ ...at('sqs'), useQueueUrlAsEndpoint: endpoints.sqs === undefined }),
    ...(endpoints.sqs === undefined && { cloudwatch: new CloudWatchClient({ ...common, region }) }),
  };
}

export function destroyClients({ dynamodb, streams, sqs, cloudwatch }: Clients): void {
  for (const client of [dynamodb, streams, sqs, cloudwatch]) client?.destroy();
}
