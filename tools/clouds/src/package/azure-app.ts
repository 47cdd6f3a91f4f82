import { hostJson } from '../azure/host-json.ts';
import type { ServicePlan } from '../service-plan.ts';
import { type Files, json, manifestOf } from './manifest.ts';

/** The file with all functions of the service. */
export const azureBundle = 'index.cjs';

/**
 * As locally, and what only a deployed app needs. There is no `retry`: a message that fails goes back to Service Bus, which
 * counts its deliveries.
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-host-json
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-service-bus#hostjson-settings
 */
function hostOf({ functions }: ServicePlan) {
  const seconds = Math.max(...functions.map(({ timeoutSeconds }) => timeoutSeconds));
  const { http, serviceBus } = hostJson.extensions;
  return {
    ...hostJson,
    functionTimeout: new Date(seconds * 1_000).toISOString().slice(11, 19),
    extensions: {
      http,
      serviceBus: {
        ...serviceBus,
        maxConcurrentCalls: serviceBus.maxConcurrentSessions,
        autoCompleteMessages: true,
        // More than any function takes.
        maxAutoLockRenewalDuration: '00:05:00',
      },
    },
    logging: {
      applicationInsights: { samplingSettings: { isEnabled: true, excludedTypes: 'Exception;Trace' } },
    },
  };
}

/** What `func azure functionapp publish` leaves here: https://learn.microsoft.com/en-us/azure/azure-functions/functions-core-tools-reference */
const ignored = ['.git*', '.vscode', 'local.settings.json', 'test', ''].join('\n');

/** `func` reads the language here; it uploads the file nowhere. */
const localSettings = { IsEncrypted: false, Values: { FUNCTIONS_WORKER_RUNTIME: 'node' } };

/** The files of a service's function app, except its bundle. */
export async function azureApp(plan: ServicePlan): Promise<Files> {
  return {
    ...(await manifestOf('azure', `orderly-${plan.name}`, azureBundle)),
    'host.json': json(hostOf(plan)),
    'local.settings.json': json(localSettings),
    '.funcignore': ignored,
  };
}
