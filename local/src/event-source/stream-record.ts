import type { _Record as Change } from '@aws-sdk/client-dynamodb-streams';

export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
    readonly [name: string]: unknown;
  };
}

/** The API client reads binary values into arrays; in the event they are base64, as in DynamoDB JSON. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
};

/**
 * A change read from a stream as Lambda hands it to a function.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export const toStreamRecord = (change: Change, streamArn: string, region: string): StreamRecord => {
  const { ApproximateCreationDateTime: created, SequenceNumber = '', ...rest } = change.dynamodb ?? {};
  return {
    eventID: change.eventID ?? '',
    eventName: change.eventName ?? '',
    eventVersion: change.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: streamArn,
    awsRegion: region,
    dynamodb: {
      ...(plain(rest) as object),
      ApproximateCreationDateTime: (created ?? new Date()).getTime() / 1000,
      SequenceNumber,
    },
  };
};
