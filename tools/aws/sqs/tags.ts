import { invalidParameter } from './errors.ts';

const TAGS = 50;
const KEY_LENGTH = 128;
const VALUE_LENGTH = 256;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const checkKey = (key: string): void => {
  if (key === '' || [...key].length > KEY_LENGTH)
    throw invalidParameter(`Tag keys must be between 1 and ${KEY_LENGTH} characters in length.`);
  if (/^aws:/i.test(key))
    throw invalidParameter('Tag keys must not start with aws:, which is reserved for AWS.');
  if (!CHARACTERS.test(key)) throw invalidParameter(`The tag key ${key} contains invalid characters.`);
};

const checkValue = (key: string, value: string): void => {
  if ([...value].length > VALUE_LENGTH)
    throw invalidParameter(`The value of the tag ${key} is longer than ${VALUE_LENGTH} characters.`);
  if (!CHARACTERS.test(value))
    throw invalidParameter(`The value of the tag ${key} contains invalid characters.`);
};

/**
 * Adds tags to those of a queue; a tag with the same key is replaced.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html and
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 * @throws AwsError and adds none, when one is not allowed or there are more than 50
 */
export const addTags = (tags: Map<string, string>, added: ReadonlyMap<string, string>): void => {
  for (const [key, value] of added) {
    checkKey(key);
    checkValue(key, value);
  }
  const keys = new Set([...tags.keys(), ...added.keys()]);
  if (keys.size > TAGS) throw invalidParameter(`Too many tags: a queue can have up to ${TAGS}.`);
  for (const [key, value] of added) tags.set(key, value);
};
