import { AwsError } from '../protocol/error.ts';
import { validationException } from './errors.ts';
import { SHARD_ITERATOR_MS } from './limits.ts';

/** Where a reader of a shard stands. All of it is in the iterator's text: nothing is kept here. */
export interface ShardIterator {
  readonly streamArn: string;
  readonly shardId: string;
  /** The last sequence number that was read. */
  readonly after: number;
  readonly issuedAt: number;
}

const VERSION = '1';

export const shardIteratorText = ({ streamArn, shardId, after, issuedAt }: ShardIterator): string => {
  const rest = Buffer.from(`${shardId}|${after}|${issuedAt}`).toString('base64');
  return `${streamArn}|${VERSION}|${rest}`;
};

/**
 * @throws AwsError ValidationException for a text that is no iterator, ExpiredIteratorException after 15 minutes
 */
export const parseShardIterator = (text: string, now: number): ShardIterator => {
  const [streamArn = '', version, encoded = '', ...more] = text.split('|');
  const [shardId = '', after, issuedAt] = Buffer.from(encoded, 'base64').toString().split('|');
  const iterator = { streamArn, shardId, after: Number(after), issuedAt: Number(issuedAt) };
  const isWhole = Number.isSafeInteger(iterator.after) && Number.isFinite(iterator.issuedAt);
  if (version !== VERSION || more.length > 0 || !isWhole) throw validationException('Invalid ShardIterator');
  if (now - iterator.issuedAt >= SHARD_ITERATOR_MS)
    throw new AwsError(
      'ExpiredIteratorException',
      'Iterator expired. The iterator was created more than 15 minutes ago.',
    );
  return iterator;
};
