const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** A time of the simulation: `1d 02:03:04.567`, or without days `02:03:04.567`. */
export function virtualTime(ms: number): string {
  const whole = Math.floor(ms);
  const [days, rest] = [Math.floor(whole / 86_400_000), whole % 86_400_000];
  const clock = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1_000) % 60];
  return `${days > 0 ? `${days}d ` : ''}${clock.map((part) => pad(part)).join(':')}.${pad(rest % 1_000, 3)}`;
}
