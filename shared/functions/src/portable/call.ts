import { parseJson } from '@orderly/contracts';
import { withDeadline } from '../observability/request-context.ts';
import { inClientSpan } from '../observability/span.ts';
import { backOff } from '../retry.ts';
import { isTransient } from './errors.ts';
import { ServiceError } from './service-error.ts';

export interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Beside the deadline of the request context. */
  readonly signal?: AbortSignal | undefined;
}

/** For an attempt, in milliseconds: as much as AWS's clients have. */
const timeoutMs = 1_500;
const maxAttempts = 3;

/**
 * Calls a service of the cloud. What fails transiently is tried three times, as AWS's clients do.
 *
 * @param service its name in spans and errors
 * @returns the answer's JSON; `undefined` where it is none
 * @throws ServiceError for an answer other than 2xx
 * @throws the errors of `fetch`
 */
export function callService(service: string, url: string, call: Call): Promise<unknown> {
  const attributes = { 'http.request.method': call.method, 'server.address': new URL(url).host };
  const { abortSignal: deadline } = withDeadline();
  const given = [call.signal, deadline].filter((signal) => signal !== undefined);
  return inClientSpan(`${service} ${call.method}`, attributes, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        const signal = AbortSignal.any([...given, AbortSignal.timeout(timeoutMs)]);
        return await attemptCall(service, url, { ...call, signal });
      } catch (error) {
        const isOver = attempt === maxAttempts || given.some(({ aborted }) => aborted);
        if (isOver || !isTransient(error)) throw error;
        await backOff(attempt);
      }
    }
  });
}

async function attemptCall(service: string, url: string, { signal, ...call }: Call): Promise<unknown> {
  const answer = await fetch(url, { ...call, ...(signal && { signal }) });
  const text = await answer.text();
  if (!answer.ok) {
    throw new ServiceError(`${service} answers ${answer.status} for ${new URL(url).pathname}`, answer.status);
  }
  const json = parseJson(text);
  return json.outcome === 'valid' ? json.value : undefined;
}
