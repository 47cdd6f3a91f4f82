import type { EventEntry, FunctionRow, LogEntry } from '../api.ts';
import { isFailing } from '../history/event-history.ts';
import { isWanted, limitIn, textIn } from '../http/query.ts';
import type { LocalPlatform } from '../platform.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

const isAtLeast = (wanted: string | undefined, level: string): boolean =>
  wanted === undefined || LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);

const holds = (value: unknown, text: string | undefined): boolean =>
  text === undefined || JSON.stringify(value).toLowerCase().includes(text.toLowerCase());

/** The events of this run that a query selects by topic, type, subject, text and failure, newest first. */
export const selectEvents = ({ recorder }: LocalPlatform, query: URLSearchParams): readonly EventEntry[] =>
  recorder.events
    .newestFirst()
    .filter((entry) => {
      const { topic, type, subject, event } = entry;
      if (!isWanted(query, 'topic', topic) || !isWanted(query, 'type', type)) return false;
      if (!isWanted(query, 'subject', subject)) return false;
      if (query.get('failed') === 'true' && !isFailing(entry)) return false;
      return holds(event, textIn(query, 'text'));
    })
    .slice(0, limitIn(query));

/** The log lines of this run that a query selects by function, service, level, order, request and text, newest first. */
export const selectLogs = ({ recorder }: LocalPlatform, query: URLSearchParams): readonly LogEntry[] =>
  recorder.logs
    .newestFirst()
    .filter(({ functionName, level, orderId, requestId, service, line }) => {
      if (!isWanted(query, 'function', functionName) || !isWanted(query, 'service', service)) return false;
      if (!isWanted(query, 'order', orderId) || !isWanted(query, 'request', requestId)) return false;
      return isAtLeast(textIn(query, 'level'), level) && holds(line, textIn(query, 'text'));
    })
    .slice(0, limitIn(query));

export const listFunctions = ({ services, recorder }: LocalPlatform): readonly FunctionRow[] =>
  services().flatMap(({ name, functions }) =>
    functions.map((each) => ({ ...each, service: name, ...recorder.invocations.figuresOf(each.name) })),
  );
