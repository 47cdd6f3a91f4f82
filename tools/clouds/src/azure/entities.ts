import type { FunctionPlan, ServicePlan } from '../service-plan.ts';
import type { Entities } from './service-bus/server.ts';

const HOUR_MS = 60 * 60_000;

const rulesOf = ({ trigger }: FunctionPlan): readonly { readonly subject: string }[] =>
  trigger.kind === 'subscription' ? trigger.eventTypes.map((subject) => ({ subject })) : [];

/** Topics with a subscription of each of their consumers, and the services' own queues. */
export const entitiesOf = (plans: readonly ServicePlan[]): Entities => ({
  topics: plans.map(({ stage, topic }) => ({
    name: `${stage}-${topic}`,
    duplicateDetectionMs: HOUR_MS,
    subscriptions: plans.flatMap(({ name, functions, maxReceiveCount: maxDeliveryCount }) =>
      functions
        .filter(({ trigger }) => trigger.kind === 'subscription' && trigger.topic === topic)
        .map((each) => ({ name, maxDeliveryCount, requiresSession: true, rules: rulesOf(each) })),
    ),
  })),
  queues: plans.flatMap(({ functions, maxReceiveCount: maxDeliveryCount }) =>
    functions.flatMap(({ trigger }) =>
      trigger.kind === 'tasks' ? [{ name: trigger.queue, maxDeliveryCount }] : [],
    ),
  ),
});
