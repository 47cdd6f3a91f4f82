import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '@orderly/functions/aws/client-config';
import { startTestEmulators } from '@orderly/local/testing';
import { median, rounded } from '@orderly/support/statistics';
import type { Part } from '../part.ts';
import { type Round, Topic } from './topic.ts';

const subscriptionCounts = [1, 3, 10] as const;
const eventsPerRound = { quick: 500, whole: 1_000 };
const rounds = { quick: 5, whole: 15 };

interface Publishing {
  readonly subscriptions: number;
  /** Events a second, each to every subscription. */
  readonly ours: number;
  /** The same requests by the bare client, which keep the order, too. */
  readonly bare: number;
  /** The same requests by the bare client, all at once. */
  readonly unordered: number;
  /** By how much ours takes longer, of 1: the median of the rounds. */
  readonly overhead: number;
  readonly requestsPerEvent: number;
}

export interface PublisherFigures {
  readonly eventsPerRound: number;
  readonly publishing: readonly Publishing[];
}

/** One round: the same number of events, sent in each way. */
interface Rounds {
  readonly ours: Round;
  readonly bare: Round;
  readonly unordered: Round;
}

async function publishing(sqs: SQSClient, subscriptions: number, events: number, count: number) {
  const topic = await Topic.create(sqs, subscriptions);
  const all: Rounds[] = [];
  // The first rounds warm up the code and the queues.
  for (let round = -2; round < count; round++) {
    // Who goes first finds the machine as another one leaves it.
    const bareFirst = round % 2 === 0 ? await topic.send(events, { ordered: true }) : undefined;
    const ours = await topic.publish(events);
    const bare = bareFirst ?? (await topic.send(events, { ordered: true }));
    const unordered = await topic.send(events, { ordered: false });
    if (round >= 0) all.push({ ours, bare, unordered });
  }
  await topic.remove();
  return figuresOf(subscriptions, events, all);
}

function figuresOf(subscriptions: number, events: number, all: readonly Rounds[]): Publishing {
  const perSecond = (way: keyof Rounds) =>
    Math.round(events / median(all.map((round) => round[way].seconds)));
  return {
    subscriptions,
    ours: perSecond('ours'),
    bare: perSecond('bare'),
    unordered: perSecond('unordered'),
    overhead: rounded(median(all.map(({ ours, bare }) => ours.seconds / bare.seconds - 1)), 3),
    requestsPerEvent: rounded(median(all.map(({ ours }) => ours.requests)) / events, 3),
  };
}

/** How fast the publisher is, against the very requests that it makes. */
export const publisher: Part<PublisherFigures> = {
  measure: async ({ quick, say }) => {
    const effort = quick ? 'quick' : 'whole';
    const emulators = await startTestEmulators();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sqs = new SQSClient({
      ...clientConfig,
      endpoint: emulators.sqs,
      region: 'eu-central-1',
      credentials,
    });
    try {
      const all: Publishing[] = [];
      for (const count of subscriptionCounts) {
        say(`${count} subscriptions`);
        all.push(await publishing(sqs, count, eventsPerRound[effort], rounds[effort]));
      }
      return { eventsPerRound: eventsPerRound[effort], publishing: all };
    } finally {
      sqs.destroy();
      await emulators.stop();
    }
  },
  tables: ({ publishing: all }) => [
    {
      title: 'Publishing the changes of orders, to queues on the same machine: events per second',
      columns: [
        'subscriptions',
        'ours',
        'the same requests, bare',
        'overhead',
        'bare, and in no order',
        'requests per event',
      ],
      rows: all.map(({ subscriptions, ours, bare, overhead, unordered, requestsPerEvent }) => [
        String(subscriptions),
        String(ours),
        String(bare),
        percent(overhead),
        String(unordered),
        requestsPerEvent.toFixed(3),
      ]),
    },
  ],
  targets: ({ publishing: all }) =>
    all.flatMap(({ subscriptions, overhead, requestsPerEvent }) => {
      const mostRequests = (subscriptions / 10) * 1.2;
      const who = `${subscriptions} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`;
      return [
        {
          what: `overhead of the publisher, ${who}`,
          limit: '<= 15 %',
          measured: percent(overhead),
          met: overhead <= 0.15,
        },
        {
          what: `requests per event, ${who}`,
          limit: `<= ${mostRequests.toFixed(2)}`,
          measured: requestsPerEvent.toFixed(3),
          met: requestsPerEvent <= mostRequests,
        },
      ];
    }),
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
