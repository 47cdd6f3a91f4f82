import { randomUUID } from 'node:crypto';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';
import { TestDatabase } from './test-database.ts';

/** What the cases can run against. `other` is any endpoint about which nothing is known. */
export type Peer = 'embedded' | 'dynamodb-local' | 'aws' | 'other';

/** Everything is immediate but on AWS, whose indexes and streams are behind. */
const PATIENCE_MS: Readonly<Record<Peer, number>> = {
  embedded: 2_000,
  'dynamodb-local': 2_000,
  aws: 60_000,
  other: 5_000,
};

const local = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export interface OpenDatabase {
  readonly db: TestDatabase;
  /** Removes all tables that were created. @returns the names of those that could not be removed */
  close(): Promise<readonly string[]>;
}

const open = (peer: Peer, dynamodb: DynamoDB, streams: DynamoDBStreams, endpoint: string) => {
  const prefix = `conformance-${randomUUID().slice(0, 8)}`;
  const db = new TestDatabase({ dynamodb, streams, endpoint, prefix, patienceMs: PATIENCE_MS[peer] });
  const close = async (): Promise<readonly string[]> => {
    const left = await db.removeTables();
    dynamodb.destroy();
    streams.destroy();
    return left;
  };
  return { db, close };
};

/** A server that speaks DynamoDB's protocol and checks no signature. */
export const openEndpoint = (peer: Exclude<Peer, 'aws'>, endpoint: string): OpenDatabase => {
  // An answer is what it is: nothing is tried again.
  const config = { ...local, endpoint, maxAttempts: 1 };
  return open(peer, new DynamoDB(config), new DynamoDBStreams(config), endpoint);
};

/** AWS, with the region and the credentials of the shell. */
export const openAws = (): OpenDatabase => open('aws', new DynamoDB({}), new DynamoDBStreams({}), 'AWS');
