import type { JsonObject } from '../protocol/service.ts';

/** A record in an answer of GetRecords; its keys and images are DynamoDB JSON, as in Lambda's event. */
interface Change {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
    readonly [name: string]: unknown;
  };
}

/**
 * A change read from a stream as Lambda hands it to a function.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 * @param read a record of GetRecords' answer
 */
export const toStreamRecord = (read: JsonObject, streamArn: string, region: string) => {
  const { eventID, eventName, eventVersion, dynamodb } = read as unknown as Change;
  return {
    eventID,
    eventName,
    eventVersion,
    eventSource: 'aws:dynamodb' as const,
    eventSourceARN: streamArn,
    awsRegion: region,
    dynamodb,
  };
};

export type StreamRecord = Readonly<ReturnType<typeof toStreamRecord>>;

/** DynamoDB Local cuts creation times to the minute; DynamoDB and the embedded one give seconds. */
const COARSE_SECONDS = 60;
const FINE_SECONDS = 1;

/**
 * The latest time at which the record can have been written, in milliseconds since the epoch. A time of a whole minute
 * may be one that was cut: such a record counts as up to a minute younger than it may be.
 */
export const latestCreation = ({ dynamodb }: StreamRecord): number => {
  const seconds = dynamodb.ApproximateCreationDateTime;
  return (seconds + (seconds % COARSE_SECONDS === 0 ? COARSE_SECONDS : FINE_SECONDS)) * 1000;
};
