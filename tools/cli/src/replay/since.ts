import { InvalidArgumentError } from 'commander';

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `--since`: a duration before now (`90m`, `36h`, `7d`), a date, or a time with its zone, all as ISO 8601.
 *
 * @returns ISO 8601 in UTC
 * @throws InvalidArgumentError for anything else
 */
export function since(value: string, _before?: string, now = Date.now()): string {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
  if (amount !== undefined) return new Date(now - Number(amount) * (unitsMs[unit] ?? 0)).toISOString();
  // Without a zone, JavaScript takes a time for a local one.
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(value);
  const time = isTime ? new Date(value) : undefined;
  if (time !== undefined && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidArgumentError(
    'It must be a duration such as 36h or 7d, or a time such as 2026-11-24T09:00Z.',
  );
}
