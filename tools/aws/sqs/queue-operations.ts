import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { notImplemented, queueDoesNotExist } from './errors.ts';
import { PURGE_PAUSE_MS } from './limits.ts';
import type { Operation, Operations } from './operation.ts';
import { page } from './paging.ts';
import type { Queue } from './queue.ts';
import { changeSettings, checkReadable } from './queue-attributes.ts';
import { addTags } from './tags.ts';
import { optionalString, requiredString, stringMap, strings } from './validation.ts';

const createQueue: Operation = {
  parameters: ['QueueName', 'Attributes', 'tags'],
  run: (input, { store, caller }) => {
    const name = requiredString(input, 'QueueName');
    const queue = store.create(name, stringMap(input, 'Attributes'), stringMap(input, 'tags'));
    return { QueueUrl: store.url(caller.origin, queue) };
  },
};

const deleteQueue: Operation = {
  parameters: ['QueueUrl'],
  run: (input, { store }) => {
    store.delete(store.byUrl(input));
    return {};
  },
};

const getQueueUrl: Operation = {
  parameters: ['QueueName', 'QueueOwnerAWSAccountId'],
  run: (input, { store, caller }) => {
    const owner = optionalString(input, 'QueueOwnerAWSAccountId') ?? store.options.accountId;
    const queue = store.findByName(requiredString(input, 'QueueName'));
    if (!queue || owner !== store.options.accountId) throw queueDoesNotExist();
    return { QueueUrl: store.url(caller.origin, queue) };
  },
};

const listQueues: Operation = {
  parameters: ['QueueNamePrefix', 'NextToken', 'MaxResults'],
  run: (input, { store, caller }) => {
    const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
    const queues = store.all().filter(({ name }) => name.startsWith(prefix));
    const { items, nextToken } = page(queues, input, ({ name }) => name);
    const urls = items.map((queue) => store.url(caller.origin, queue));
    return { ...(urls.length > 0 ? { QueueUrls: urls } : {}), NextToken: nextToken };
  },
};

const seconds = (ms: number): string => String(Math.floor(ms / 1_000));

const readAttributes = (queue: Queue): Readonly<Record<string, string>> => {
  const { visible, delayed, inFlight } = queue.counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.changedAt),
    ...Object.fromEntries(queue.settings.texts),
  };
};

const getQueueAttributes: Operation = {
  parameters: ['QueueUrl', 'AttributeNames'],
  run: (input, { store }) => {
    const queue = store.byUrl(input);
    const names = strings(input, 'AttributeNames');
    checkReadable(names);
    const wanted = Object.entries(readAttributes(queue)).filter(
      ([name]) => names.includes('All') || names.includes(name),
    );
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
  },
};

const setQueueAttributes: Operation = {
  parameters: ['QueueUrl', 'Attributes'],
  run: (input, { store }) => {
    const queue = store.byUrl(input);
    const settings = changeSettings(queue.settings, stringMap(input, 'Attributes'), queue.fifo);
    store.checkRedrive(queue, settings);
    queue.changeSettings(settings);
    return {};
  },
};

const purgeQueue: Operation = {
  parameters: ['QueueUrl'],
  run: (input, { store }) => {
    const queue = store.byUrl(input);
    const now = store.options.clock.now();
    if (queue.purgedAt !== undefined && now < queue.purgedAt + PURGE_PAUSE_MS)
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        { status: 403 },
      );
    queue.purge();
    return {};
  },
};

const listDeadLetterSourceQueues: Operation = {
  parameters: ['QueueUrl', 'NextToken', 'MaxResults'],
  run: (input, { store, caller }) => {
    const { arn } = store.byUrl(input);
    const sources = store.all().filter(({ settings }) => settings.redrive?.deadLetterTargetArn === arn);
    const { items, nextToken } = page(sources, input, ({ name }) => name);
    return { queueUrls: items.map((queue) => store.url(caller.origin, queue)), NextToken: nextToken };
  },
};

const tagQueue: Operation = {
  parameters: ['QueueUrl', 'Tags'],
  run: (input, { store }) => {
    addTags(store.byUrl(input).tags, stringMap(input, 'Tags'));
    return {};
  },
};

const untagQueue: Operation = {
  parameters: ['QueueUrl', 'TagKeys'],
  run: (input, { store }) => {
    const { tags } = store.byUrl(input);
    for (const key of strings(input, 'TagKeys')) tags.delete(key);
    return {};
  },
};

const listQueueTags: Operation = {
  parameters: ['QueueUrl'],
  run: (input, { store }) => {
    const { tags } = store.byUrl(input);
    return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
  },
};

/** Access policies of single accounts; policies are set with SetQueueAttributes. */
const refused = (operation: string): Operation => ({
  parameters: ['QueueUrl', 'Label', 'AWSAccountIds', 'Actions'],
  run: (): JsonObject => {
    throw notImplemented(`the operation ${operation}`);
  },
});

export const queueOperations: Operations = {
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  PurgeQueue: purgeQueue,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  ListQueueTags: listQueueTags,
  AddPermission: refused('AddPermission'),
  RemovePermission: refused('RemovePermission'),
};
