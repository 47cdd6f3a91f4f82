import type { ServicePlan } from '../service-plan.ts';
import { type Files, json, manifestOf } from './manifest.ts';

/** The file with all functions of the service. */
export const azureBundle = 'index.cjs';

/**
 * Each instance handles so many aggregates at once, each one message after the other. More would wait for one of the few
 * connections to the database.
 */
const concurrentSessions = 4;

/**
 * What a message may take until its session goes to another instance, with the lock renewed. It is more than any function
 * takes, and less than a person waits.
 */
const lockRenewal = '00:05:00';

/**
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-host-json
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-service-bus#hostjson-settings
 *
 * There is no `retry`: a message that fails goes back to Service Bus, which counts its deliveries.
 */
function hostOf({ functions }: ServicePlan) {
  const seconds = Math.max(...functions.map(({ timeoutSeconds }) => timeoutSeconds));
  return {
    version: '2.0',
    functionTimeout: new Date(seconds * 1_000).toISOString().slice(11, 19),
    extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.*, 5.0.0)' },
    extensions: {
      http: { routePrefix: '' },
      serviceBus: {
        autoCompleteMessages: true,
        maxAutoLockRenewalDuration: lockRenewal,
        maxConcurrentCalls: concurrentSessions,
        maxConcurrentSessions: concurrentSessions,
        // The next aggregate need not wait for more messages of this one.
        sessionIdleTimeout: '00:00:01',
      },
    },
    logging: {
      applicationInsights: { samplingSettings: { isEnabled: true, excludedTypes: 'Exception;Trace' } },
    },
  };
}

/** What `func azure functionapp publish` leaves here: https://learn.microsoft.com/en-us/azure/azure-functions/functions-core-tools-reference */
const ignored = ['.git*', '.vscode', 'local.settings.json', 'test', ''].join('\n');

/** The files of a service's function app, except its bundle. */
export async function azureApp(plan: ServicePlan): Promise<Files> {
  return {
    ...(await manifestOf('azure', `orderly-${plan.name}`, azureBundle)),
    'host.json': json(hostOf(plan)),
    '.funcignore': ignored,
  };
}
