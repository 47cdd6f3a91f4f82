/**
 * The names that differ from one project to another. They are constants and not options, because every function of a
 * project, its dashboards and its subscribers have to agree on them.
 */

/** Namespace of the metrics in CloudWatch. */
export const metricsNamespace = 'Orderly';

/** A problem's `type` is this and its code: `urn:orderly:problem:not-found`. */
export const problemNamespace = 'urn:orderly:problem:';

/** An event's `source` is this and the service's name: `orderly/orders`. */
export const sourceNamespace = 'orderly/';

/**
 * The tag by which a queue selects events: names (all versions of an event) or whole types, separated by white space.
 * No tag, an empty one, or `all` selects all. SQS allows no `*` in a tag, and 256 characters at most
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html).
 */
export const eventsTag = 'orderly:events';

/** Members with free text of callers, which may hold anything: the log shows no content of theirs. */
export const freeTextMembers = { texts: ['reference'], records: ['metadata'] } as const;
