import { invocationKeys } from '#cloud/invocation';
import { leveled, writeLine } from '#cloud/lines';
import { maskPersonal } from './mask.ts';
import { requestContextKeys } from './request-context.ts';

type Extra = Readonly<Record<string, unknown>>;

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];
const { POWERTOOLS_LOG_LEVEL = '', POWERTOOLS_SERVICE_NAME: service } = process.env;
const named = POWERTOOLS_LOG_LEVEL.toUpperCase();
const lowest = levels.indexOf(levels.includes(named) ? named : 'INFO');

function writing(level: string) {
  if (levels.indexOf(level) < lowest) return () => undefined;
  return (message: string, extra: Extra = {}): void => {
    const timestamp = new Date().toISOString();
    const line = {
      ...leveled(level),
      message,
      timestamp,
      service,
      ...invocationKeys(),
      ...requestContextKeys(),
      ...extra,
    };
    writeLine(JSON.stringify(line, replacer()));
  };
}

/** For one line: masks it, and shows what JSON cannot hold. */
function replacer() {
  const above: { readonly shown: unknown; readonly value: unknown }[] = [];
  return function (this: unknown, name: string, value: unknown): unknown {
    const shown = value instanceof Error ? describe(value) : maskPersonal(name, value);
    if (typeof shown === 'bigint') return String(shown);
    if (typeof shown !== 'object' || shown === null) return shown;
    // JSON.stringify visits what an object holds with the object as `this`.
    while (above.length > 0 && above.at(-1)?.shown !== this) above.pop();
    if (above.some((each) => each.value === value)) return '[circular]';
    above.push({ shown, value });
    return shown;
  };
}

/** JSON shows nothing of an error by itself. */
function describe(error: Error): Extra {
  const { name, message, stack, cause, ...more } = error;
  return { name, message, stack, cause, ...more };
}

/**
 * Structured JSON log lines, none below the level POWERTOOLS_LOG_LEVEL (INFO by default). Each has the keys of the request
 * context that it is written in. E-mail addresses and the `freeTextMembers` of the project are masked.
 */
export const log = {
  debug: writing('DEBUG'),
  info: writing('INFO'),
  warn: writing('WARN'),
  /** `extra.error` is written with its stack: for people who operate the platform, never for callers. */
  error: writing('ERROR'),
};
