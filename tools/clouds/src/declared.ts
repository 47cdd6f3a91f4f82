import type { Trigger } from '@orderly/functions/trigger';
import type { ServicePlan } from './service-plan.ts';

/** A service with its functions, for people. */
export interface DeclaredService {
  readonly name: string;
  readonly functions: readonly {
    readonly name: string;
    /** What invokes it, e.g. `POST /orders` or `order-events`. */
    readonly trigger: string;
    readonly timeoutSeconds: number;
  }[];
}

const triggerText = (trigger: Trigger): string => {
  switch (trigger.kind) {
    case 'route':
      return `${trigger.method} ${trigger.path}`;
    case 'fallback':
      return 'any other request';
    case 'subscription':
      return trigger.topic;
    case 'publisher':
      return 'a timer, for what is left in the outbox';
    case 'schedule':
      return `every ${trigger.everySeconds} s${trigger.enabled ? '' : ', switched off'}`;
    case 'tasks':
      return `queue ${trigger.queue}`;
  }
};

/** The services as their serverless.yml declare them. */
export const declaredServices = (plans: readonly ServicePlan[]): readonly DeclaredService[] =>
  plans.map(({ name: service, functions }) => ({
    name: service,
    functions: functions.map(({ name, trigger, timeoutSeconds }) => ({
      name,
      trigger: triggerText(trigger),
      timeoutSeconds,
    })),
  }));
