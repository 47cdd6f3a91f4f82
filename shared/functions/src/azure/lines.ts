export { metricsLine } from '../portable/metrics-line.ts';

export const leveled = (level: string) => ({ level });

/**
 * The worker of Azure Functions passes what is written to the console on to Application Insights, as traces.
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference-node#logging
 */
export function writeLine(line: string): void {
  console.log(line);
}
