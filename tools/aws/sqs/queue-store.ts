import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { invalidParameter, queueDoesNotExist } from './errors.ts';
import type { Faults } from './faults.ts';
import { DELETED_NAME_PAUSE_MS } from './limits.ts';
import { Observation } from './observation.ts';
import { Queue } from './queue.ts';
import { type AttributeTexts, findDifference, newSettings, type QueueSettings } from './queue-attributes.ts';
import { checkQueueName, isFifoName, queueNameOf } from './queue-name.ts';
import { allowsSource } from './redrive-policy.ts';
import { addTags } from './tags.ts';
import { requiredString } from './validation.ts';

export interface StoreOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly region: string;
  readonly accountId: string;
  readonly faults: Faults;
  /** Whether a name can be used again only 60 seconds after its queue was deleted, as on AWS. */
  readonly deletedNamesPause: boolean;
}

/** The queues of an account in a region. */
export class QueueStore {
  readonly options: StoreOptions;
  readonly observation = new Observation();
  readonly #queues = new Map<string, Queue>();
  readonly #deletedAt = new Map<string, number>();

  constructor(options: StoreOptions) {
    this.options = options;
  }

  /** In the order of their names. */
  all(): readonly Queue[] {
    return [...this.#queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  findByName(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  findByArn(arn: string): Queue | undefined {
    const queue = this.#queues.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** @throws AwsError QueueDoesNotExist */
  byUrl(input: JsonObject): Queue {
    const queue = this.#queues.get(queueNameOf(requiredString(input, 'QueueUrl'), this.options.accountId));
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  url(origin: string, { name }: Queue): string {
    return `${origin}/${this.options.accountId}/${name}`;
  }

  /** Creates a queue, or finds the one with this name and these attributes. */
  create(name: string, given: AttributeTexts, tags: ReadonlyMap<string, string>): Queue {
    const fifo = given.get('FifoQueue') === 'true';
    checkQueueName(name, fifo || isFifoName(name));
    if (isFifoName(name) && !fifo)
      throw invalidParameter('The name of a FIFO queue needs the attribute FifoQueue = true.');
    const settings = newSettings(given, fifo);
    const existing = this.#queues.get(name);
    if (existing) return this.#requireSame(existing, given);
    this.#checkPause(name);
    const queue = this.#newQueue(name, fifo, settings);
    addTags(queue.tags, tags);
    this.checkRedrive(queue, settings);
    this.#queues.set(name, queue);
    return queue;
  }

  delete(queue: Queue): void {
    queue.close();
    this.#queues.delete(queue.name);
    this.#deletedAt.set(queue.name, this.options.clock.now());
  }

  /**
   * Whether a queue may dead-letter where its settings say.
   * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  checkRedrive(source: Queue, { redrive }: QueueSettings): void {
    const reason = redrive && this.#redriveRefusal(source, redrive.deadLetterTargetArn);
    if (reason === undefined) return;
    throw invalidParameter(
      `Value ${JSON.stringify(redrive)} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }

  #redriveRefusal(source: Queue, targetArn: string): string | undefined {
    const target = this.findByArn(targetArn);
    if (!target) return 'Dead letter target does not exist.';
    if (target.fifo !== source.fifo) return 'Dead-letter queue must be same type of queue as the source.';
    if (!allowsSource(target.settings.redriveAllow, source.arn))
      return 'Permission to this queue is denied by redrive allow policy of the target dead-letter queue.';
    return undefined;
  }

  #newQueue(name: string, fifo: boolean, settings: QueueSettings): Queue {
    const { clock, chance, region, accountId, faults } = this.options;
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    const isDeliveredTwice = (): boolean => faults.isDeliveredTwice(name);
    const findQueue = (wanted: string): Queue | undefined => this.findByArn(wanted);
    const { observation } = this;
    const options = { id: chance.uuid(), name, arn, fifo, clock, findQueue, isDeliveredTwice, observation };
    return new Queue(options, settings);
  }

  #requireSame(queue: Queue, given: AttributeTexts): Queue {
    const different = findDifference(given, queue.settings);
    if (different === undefined) return queue;
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${different}`,
    );
  }

  #checkPause(name: string): void {
    const deletedAt = this.#deletedAt.get(name);
    this.#deletedAt.delete(name);
    if (deletedAt === undefined || !this.options.deletedNamesPause) return;
    if (this.options.clock.now() >= deletedAt + DELETED_NAME_PAUSE_MS) return;
    this.#deletedAt.set(name, deletedAt);
    throw new AwsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  }
}
