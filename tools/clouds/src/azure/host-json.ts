/**
 * What every function app is configured with. Functions have no prefix before their routes, and messages of a session are
 * handled one after the other.
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-host-json
 */
export const hostJson = {
  version: '2.0',
  extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.*, 5.0.0)' },
  extensions: {
    http: { routePrefix: '' },
    serviceBus: {
      maxConcurrentSessions: 8,
      // An aggregate without more messages makes room for another one. By default it keeps its place for a minute.
      sessionIdleTimeout: '00:00:00.2',
    },
  },
} as const;
