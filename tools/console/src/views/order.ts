import { topicSources, topics } from '@orderly/cli/replay/topic-source';
import { type Traceable, traceIn } from '@orderly/cli/trace/trace';
import type { DeadLetter, OrderDetail, QueueState, StoredItem } from '../api.ts';
import type { Recorder } from '../history/recorder.ts';
import { isAbout, toOrderRow } from './orders.ts';

const ITEMS = 100;
const LINES = 500;

const readItems = async ({ read, stage }: Traceable, orderId: string): Promise<readonly StoredItem[]> => {
  const pages = await Promise.all(
    Object.values(topicSources).map(async ({ service, ofOrder }) => {
      if (ofOrder === undefined) return [];
      const table = `${stage}-${service}`;
      const request = { table, partition: `${ofOrder}${orderId}`, after: undefined, limit: ITEMS };
      const { items } = await read(request);
      return items.map((item) => ({ table, key: keyOf(item), item }));
    }),
  );
  return pages.flat();
};

const isAboutOrders = (topic: keyof typeof topicSources): boolean =>
  topicSources[topic].ofOrder !== undefined;

const keyOf = ({ pk, sk }: Readonly<Record<string, unknown>>): Record<string, string> => ({
  pk: String(pk),
  ...(sk !== undefined && { sk: String(sk) }),
});

/** What this run has seen of an order: its events, and the spans and lines of every trace that they belong to. */
const history = (recorder: Recorder | undefined, orderId: string) => {
  const events = recorder?.events.newestFirst().filter((event) => isAbout(event, orderId)) ?? [];
  const traces = events.map(({ traceId }) => traceId).filter((traceId) => traceId !== undefined);
  const spans = recorder?.spans.ofTraces(traces) ?? [];
  const known = new Set(traces);
  const logs = recorder?.logs.newestFirst() ?? [];
  const own = logs.filter(
    ({ orderId: about, line }) => about === orderId || known.has(String(line.trace_id)),
  );
  return { events: events.toReversed(), spans, logs: own.slice(0, LINES).reverse() };
};

/**
 * Everything that is known of an order.
 * @throws Failure when no service knows it
 */
export const readOrder = async (
  stage: Traceable,
  orderId: string,
  {
    recorder,
    deadLetters,
    queues,
  }: {
    readonly recorder: Recorder | undefined;
    readonly deadLetters: readonly DeadLetter[];
    readonly queues: readonly QueueState[];
  },
): Promise<OrderDetail> => {
  const [traced, items] = await Promise.all([traceIn(stage, orderId), readItems(stage, orderId)]);
  const item = items.find(({ table }) => table === `${stage.stage}-orders`)?.item;
  return {
    orderId,
    order: (item && toOrderRow(item, deadLetters)) ?? null,
    moments: traced.timeline.map(({ time, service, what, detail }) => ({
      at: Date.parse(time),
      service,
      what,
      detail,
    })),
    odd: [...traced.odd, ...traced.stuck],
    ...history(recorder, orderId),
    deadLetters: deadLetters.filter((letter) => isAbout(letter, orderId)),
    items,
    replayTargets: topics.filter(isAboutOrders).map((topic) => ({
      topic,
      queues: queues
        .filter((queue) => queue.topic === topic && queue.kind === 'subscription')
        .map(({ name }) => name),
    })),
  };
};
