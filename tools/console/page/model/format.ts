const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day with milliseconds, such as 12:00:01.085. */
export const clock = (at: number): string => {
  const date = new Date(at);
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
};

/** Local date and time to the millisecond, such as 2026-11-29 12:00:01.085. */
export const dateAndTime = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(at)}`;
};

/** The time of day, with the date when it is not the day of `now`. */
export const moment = (at: number, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString() ? clock(at) : dateAndTime(at);

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

/** A duration in milliseconds, in the two units that matter: 0.4 ms, 31 ms, 2.4 s, 3 min 5 s, 2 h 4 min. */
export const duration = (ms: number): string => {
  if (ms < 10 && !Number.isInteger(ms)) return `${ms.toFixed(1)} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return units(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return units(ms, HOUR, 'h', MINUTE, 'min');
  return units(ms, DAY, 'd', HOUR, 'h');
};

const units = (ms: number, large: number, largeName: string, small: number, smallName: string): string => {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest ? ` ${rest} ${smallName}` : ''}`;
};

/** How long ago, such as `just now`, `12 s ago`. */
export const ago = (at: number, now: number): string => {
  const passed = now - at;
  if (passed < 2 * SECOND) return 'just now';
  return passed < MINUTE ? `${Math.floor(passed / SECOND)} s ago` : `${duration(passed)} ago`;
};

/** An amount in minor units, with the digits that its currency has. */
export const money = (minor: number, currency: string, locale?: string): string => {
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(minor / 10 ** digits);
  } catch {
    return `${minor} ${currency} (minor units)`;
  }
};

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (value: number): string => whole.format(value);

/** `1 message`, `3 messages`. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : plural}`;

export const bytes = (value: number): string => {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} kB`;
  return `${(value / 1024 / 1024).toFixed(1)} MB`;
};

/** The start of a long id: what a person compares. */
export const shortId = (id: string): string => (/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? id.slice(0, 13) : id);

/** JSON text with two spaces, or the text itself when it is not JSON. */
export const prettyJson = (value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value, undefined, 2) ?? '';
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value;
  }
};
