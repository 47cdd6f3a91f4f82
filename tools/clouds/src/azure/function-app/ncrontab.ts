/** The times of a schedule, in UTC. */
export interface Schedule {
  /** The first time after `time`, both in milliseconds since the epoch. */
  next(time: number): number;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  {
    name: 'month',
    least: 1,
    most: 12,
    names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const MS_PER_DAY = 86_400_000;
/** February 29 on a given day of the week comes again within 28 years, or 40 around a century without a leap year. */
const LONGEST_DAYS = 366 * 40;

const readNumber = (text: string, { name, least, most, names = [] }: Field): number => {
  const named = names.indexOf(text.slice(0, 3).toLowerCase());
  const value = named >= 0 && !/^\d/.test(text) ? named : Number(text);
  if (/^\w+$/.test(text) && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`"${text}" is no ${name} of an NCRONTAB expression: ${least} to ${most}.`);
};

const readPart = (part: string, field: Field): readonly number[] => {
  const [range = '', every] = part.split('/');
  const step = every === undefined ? 1 : Number(every);
  if (!Number.isInteger(step) || step < 1) throw new Error(`"${part}" has no whole number after the slash.`);
  const [first = '', last] = range.split('-');
  const from = range === '*' ? field.least : readNumber(first, field);
  const alone = every === undefined ? from : field.most;
  const to = range === '*' ? field.most : last === undefined ? alone : readNumber(last, field);
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
};

const readField = (text: string, field: Field): ReadonlySet<number> =>
  new Set(
    text
      .split(',')
      .flatMap((part) => readPart(part, field))
      .sort((one, other) => one - other),
  );

/**
 * Reads an NCRONTAB expression of six fields: `{second} {minute} {hour} {day} {month} {day of the week}`. Days must match both
 * their fields.
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 *
 * @throws Error for other expressions; by name for those of five fields and for time spans
 */
export const readSchedule = (expression: string): Schedule => {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length)
    throw new Error(
      `This host of function apps does not implement the schedule "${expression}": only NCRONTAB with six fields.`,
    );
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((field, at) =>
    readField(texts[at] ?? '', field),
  );
  const isDay = (date: Date): boolean =>
    months?.has(date.getUTCMonth() + 1) === true &&
    days?.has(date.getUTCDate()) === true &&
    weekdays?.has(date.getUTCDay()) === true;
  const timeOfDay = (after: number): number | undefined => {
    for (const hour of hours ?? [])
      for (const minute of minutes ?? [])
        for (const second of seconds ?? []) {
          const ms = ((hour * 60 + minute) * 60 + second) * 1_000;
          if (ms > after) return ms;
        }
    return undefined;
  };
  return {
    next(time) {
      let midnight = time - (time % MS_PER_DAY);
      let after = time - midnight;
      for (let day = 0; day < LONGEST_DAYS; day++) {
        const ms = isDay(new Date(midnight)) ? timeOfDay(after) : undefined;
        if (ms !== undefined) return midnight + ms;
        midnight += MS_PER_DAY;
        after = -1;
      }
      throw new Error(`The schedule "${expression}" has no time.`);
    },
  };
};
