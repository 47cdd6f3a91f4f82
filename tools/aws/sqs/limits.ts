/** Source of all: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html */
export const BATCH_ENTRIES = 10;
/** Of one message, and of all messages of a batch together. */
export const MESSAGE_BYTES = 1_048_576;
export const MESSAGE_ATTRIBUTES = 10;
export const IN_FLIGHT_MESSAGES = 120_000;
export const RECEIVE_MESSAGES = 10;
export const RECEIVE_WAIT_SECONDS = 20;
export const DELAY_SECONDS = 900;
export const VISIBILITY_SECONDS = 43_200;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html */
export const DEDUPLICATION_MS = 300_000;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
export const PURGE_PAUSE_MS = 60_000;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const DELETED_NAME_PAUSE_MS = 60_000;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
export const MOVE_MESSAGES_PER_SECOND = 500;
