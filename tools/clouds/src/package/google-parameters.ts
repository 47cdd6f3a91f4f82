import type { DeployedService } from './deployed-service.ts';

/** https://docs.cloud.google.com/pubsub/quotas#resource_limits */
const maxFilterBytes = 256;

/**
 * A service in Google's terms: its event types as a filter of Pub/Sub, its schedules as cron expressions.
 *
 * @throws Error for too many event types, and for a time that cron does not have
 */
export function forGoogle({ subscriptions, schedules, ...service }: DeployedService) {
  return {
    ...service,
    subscriptions: subscriptions.map(({ eventTypes, ...subscription }) => ({
      ...subscription,
      filter: filterOf(eventTypes, `${service.name}'s subscription to ${subscription.topic}`),
    })),
    schedules: schedules.map(({ function: name, everySeconds }) => ({
      function: name,
      cron: cronOf(everySeconds),
    })),
  };
}

/** https://docs.cloud.google.com/pubsub/docs/subscription-message-filter */
function filterOf(eventTypes: readonly string[], what: string): string {
  const filter = eventTypes.map((type) => `attributes.type = "${type}"`).join(' OR ');
  if (Buffer.byteLength(filter) <= maxFilterBytes) return filter;
  throw new Error(
    `The ${eventTypes.length} event types of ${what} are a filter of ${filter.length} bytes. Pub/Sub takes ${maxFilterBytes}.`,
  );
}

/** https://docs.cloud.google.com/scheduler/docs/configuring/cron-job-schedules */
export function cronOf(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes === 1) return '* * * * *';
  if (Number.isInteger(minutes) && minutes < 60 && 60 % minutes === 0) return `*/${minutes} * * * *`;
  const hours = minutes / 60;
  if (hours === 24) return '0 0 * * *';
  if (Number.isInteger(hours) && hours < 24 && 24 % hours === 0) return `0 */${hours} * * *`;
  throw new Error(`Every ${seconds} seconds is no schedule of Cloud Scheduler`);
}

/** https://docs.cloud.google.com/iam/docs/service-accounts-create */
const accountName = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
/** https://docs.cloud.google.com/run/docs/configuring/services/overview: with the name of the service and the function. */
const functionName = /^[a-z][a-z0-9-]{0,47}[a-z0-9]$/;

/** @throws Error for a name that is too long for Google, or has other characters */
export function checkGoogleNames(stage: string, services: readonly DeployedService[]): void {
  for (const { name, functions } of services) {
    // The longest of the accounts: see tools/clouds/deploy/google/service/functions.tf.
    const account = `${stage}-${name}-caller`;
    if (!accountName.test(account)) {
      throw new Error(
        `The service account "${account}" has to have 6 to 30 lower-case letters, digits and hyphens on Google`,
      );
    }
    for (const each of functions) {
      const full = `${stage}-${name}-${each.name}`;
      if (!functionName.test(full)) {
        throw new Error(`The function "${full}" has to have at most 49 characters on Google`);
      }
    }
  }
}
