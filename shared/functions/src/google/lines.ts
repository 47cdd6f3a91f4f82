export { metricsLine } from '../portable/metrics-line.ts';

const severities: Readonly<Record<string, string>> = { WARN: 'WARNING' };

/** https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields */
export const leveled = (level: string) => ({ severity: severities[level] ?? level });

export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
