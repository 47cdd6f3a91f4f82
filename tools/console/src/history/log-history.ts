import type { LogEntry } from '../api.ts';
import { Changes } from './changes.ts';
import { Ring } from './ring.ts';

const LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The latest lines that functions and services wrote. */
export class LogHistory {
  readonly #lines: Ring<LogEntry>;
  readonly changes = new Changes<LogEntry>(250);
  #seq = 0;

  readonly #functionName: (service: string, name: string) => string;

  constructor(functionName: (service: string, name: string) => string, limit = 5_000) {
    this.#functionName = functionName;
    this.#lines = new Ring(limit);
  }

  newestFirst(): readonly LogEntry[] {
    return this.#lines.newestFirst();
  }

  /** @param line a line of a function's log as JSON, or any other text */
  add(service: string, line: string, at: number): LogEntry {
    const entry = this.#read(service, line, at);
    this.#lines.set(String(entry.seq), entry);
    this.changes.add(String(entry.seq), entry);
    return entry;
  }

  #read(service: string, line: string, at: number): LogEntry {
    this.#seq += 1;
    const json = readObject(line);
    const level = text(json?.level) ?? 'INFO';
    const [functionName, requestId, orderId] = [
      text(json?.function_name),
      text(json?.function_request_id),
      text(json?.order_id),
    ];
    return {
      seq: this.#seq,
      at,
      service,
      level: LEVELS.includes(level) ? (level as LogEntry['level']) : 'INFO',
      message: text(json?.message) ?? line,
      ...(functionName !== undefined && { functionName: this.#functionName(service, functionName) }),
      ...(requestId !== undefined && { requestId }),
      ...(orderId !== undefined && { orderId }),
      line: json ?? { message: line },
    };
  }
}

const readObject = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
