import type { Fields } from './fields.ts';

/** How proto-loader shows a timestamp or a duration. */
interface Span {
  readonly seconds?: number;
  readonly nanos?: number;
}

const DURATIONS = new Set(['messageRetentionDuration', 'minimumBackoff', 'maximumBackoff', 'ttl']);

const fromDuration = ({ seconds = 0, nanos = 0 }: Span): string =>
  nanos === 0 ? `${seconds}s` : `${seconds}.${String(nanos).padStart(9, '0')}s`;

const toDuration = (text: string): Span => {
  const [seconds = '', fraction = ''] = text.slice(0, -1).split('.');
  return { seconds: Number(seconds), nanos: Number(fraction.padEnd(9, '0')) };
};

const toTimestamp = (date: Date): Span => {
  const ms = date.getTime();
  return { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 };
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !(value instanceof Date);

const walk = (value: unknown, change: (name: string, value: unknown) => unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => walk(one, change, name));
  const changed = change(name, value);
  if (changed !== value || !isFields(value)) return changed;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, change, key)]));
};

const camel = (path: string): string => path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A message of gRPC as the operations take it: durations as texts, field masks as lists of names as in JSON. */
export const fromGrpc = (message: Fields): Fields =>
  walk(message, (name, value) => {
    if (DURATIONS.has(name)) return fromDuration(Object(value) as Span);
    if (name === 'updateMask') return ((Object(value) as { paths?: string[] }).paths ?? []).map(camel);
    return value;
  }) as Fields;

/** What an operation answers, as a message of gRPC. */
export const toGrpc = (output: Fields): Fields =>
  walk(output, (name, value) => {
    if (DURATIONS.has(name)) return toDuration(String(value));
    return value instanceof Date ? toTimestamp(value) : value;
  }) as Fields;
