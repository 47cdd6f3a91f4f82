import { randomBytes } from 'node:crypto';
import type { Topic } from '@orderly/contracts';
import { services } from '@orderly/local/services';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Failure, UsageFailure } from '../failure.ts';
import { integer } from '../global-options.ts';
import { nameOf } from '../queues/queue-name.ts';
import { urlOf } from '../queues/queue-url.ts';
import { describeReplayed } from '../replay/describe-replayed.ts';
import { type Replayed, replay } from '../replay/replay.ts';
import { noCounts, type ReplayRun } from '../replay/replay-run.ts';
import { readRun } from '../replay/run-file.ts';
import { since } from '../replay/since.ts';
import { findTopic, topics } from '../replay/topic-source.ts';
import type { Run, Session } from '../session.ts';

interface ReplayCommandOptions {
  readonly topic?: Topic;
  readonly to?: string;
  readonly since?: string;
  readonly order?: string;
  readonly rate: number;
  readonly resume?: string;
  readonly yes?: true;
}

export function addReplayCommand(program: Command, run: Run): void {
  program
    .command('replay')
    .description('publishes the current state of a topic again, to one queue')
    .option('--topic <topic>', topics.join(', '), topic)
    .option('--to <queue>', 'the queue, by name or URL')
    .option('--since <time>', 'only events from then on: 36h, 7d, 2026-11-24T09:00Z', since)
    .option('--order <id>', 'only the events of this order')
    .option('--rate <n>', 'events per second, at most', integer(1, 3_000), 200)
    .addOption(new Option('--resume <file>', 'continue a run that was stopped').conflicts(['since', 'order']))
    .option('--yes', 'do it, though customers may get messages about it')
    .action((options: ReplayCommandOptions, command: Command) =>
      run(command, async (session) => {
        const begun = await (options.resume === undefined
          ? newRun(session, options)
          : resumedRun(session, options, options.resume));
        if (options.yes === undefined && !session.dryRun) assertReachesNoCustomer(begun);
        const replayed = await replay(session, begun, options.rate);
        session.result(replayed, describeReplayed(replayed, session.dryRun));
        if (replayed.outcome === 'interrupted') session.signal.throwIfAborted();
        assertWhole(begun, replayed);
      }),
    )
    .addHelpText('after', notes);
}

const notes = `
Sends the newest event of each aggregate once, with its own id and orderlyreplay: true; earlier events are not kept. The
queue's tag orderly:events selects types. The event of a product whose stock has moved is made from its state. Changes
in the meantime come from the publisher, if the queue is a subscription; the event with the higher sequence is newer.`;

function topic(value: string): Topic {
  const found = findTopic(value);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It must be one of ${topics.join(', ')}.`);
}

async function newRun(session: Session, options: ReplayCommandOptions): Promise<ReplayRun> {
  const { topic, to, since, order } = options;
  if (topic === undefined || to === undefined) {
    throw new UsageFailure('Give --topic <topic> and --to <queue>, or --resume <file>.');
  }
  assertSubscribes(session.stage, topic, nameOf(to));
  return {
    id: randomBytes(6).toString('hex'),
    startedAt: new Date().toISOString(),
    stage: session.stage,
    topic,
    to: await urlOf(session.clients.sqs, to),
    ...(since !== undefined && { since }),
    ...(order !== undefined && { order }),
    counts: noCounts,
  };
}

async function resumedRun(
  { stage, clients }: Session,
  { topic, to }: ReplayCommandOptions,
  file: string,
): Promise<ReplayRun> {
  const begun = readRun(file);
  const differs = (option: string, now: string, then: string): never => {
    throw new UsageFailure(`The run to resume has ${option} ${then}, not ${now}.`);
  };
  if (begun.stage !== stage) differs('--stage', stage, begun.stage);
  if (topic !== undefined && topic !== begun.topic) differs('--topic', topic, begun.topic);
  if (to !== undefined && (await urlOf(clients.sqs, to)) !== begun.to) differs('--to', to, begun.to);
  return begun;
}

/** @throws UsageFailure for a queue that is for something else */
function assertSubscribes(stage: string, topic: Topic, queue: string): void {
  const of = [...topics, ...services, 'dlq'].find((name) => queue.startsWith(`${stage}-${name}--`));
  if (of === undefined || of === topic) return;
  const ofService = services.includes(of) ? `for the wake-ups of ${of}` : `a subscription of ${of}`;
  const what = of === 'dlq' ? 'a dead-letter queue' : ofService;
  throw new UsageFailure(`${queue} is ${what}, so it gets no ${topic}.`);
}

/** The notifications service sends each message to a customer once: also messages about old events. */
function assertReachesNoCustomer({ stage, topic, to }: ReplayRun): void {
  if (!nameOf(to).startsWith(`${stage}-${topic}--notifications`)) return;
  throw new UsageFailure(
    `${nameOf(to)} leads to customers: they will get every message that they never got, however old. Add --yes to do that, or --dry-run to count.`,
  );
}

function assertWhole({ topic, order }: ReplayRun, { outcome, counts, reason }: Replayed): void {
  if (outcome === 'failed')
    throw new Failure(`${reason}. The rest was not sent; continue with --resume, as shown above.`);
  if (order !== undefined && counts.items === 0) {
    throw new Failure(`The table of ${topic} has nothing of an order ${order}.`);
  }
  if (counts.failed > 0) throw new Failure(`Not sent: ${counts.failed}, listed above with the reasons.`);
}
