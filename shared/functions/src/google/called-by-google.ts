import { log } from '../observability/log.ts';
import { NotHandledError } from '../portable/invoke.ts';
import { NoPushError } from './push.ts';
import { callerVerifier } from './verify-caller.ts';

/** An Express request with the body as it came. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody?: Buffer;
}

/** What Node.js has for answers: Express' own functions would add a charset to content types. */
interface Response {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): Response;
  end(body?: string): unknown;
}

export type HttpFunction = (request: HttpRequest, response: Response) => Promise<void>;

type Work = (body: string, headers: HttpRequest['headers']) => Promise<unknown>;

/**
 * A function that only Google's services may call, for work that is tried again unless it goes well.
 *
 * It answers 204 where it went well, 401 for a caller without the token, 400 for a body that is not Pub/Sub's, and 503
 * otherwise. A rejection would end the framework's process.
 */
export function calledByGoogle(functionName: string, work: Work): HttpFunction {
  const isGoogle = callerVerifier();

  async function statusOf({ headers, rawBody }: HttpRequest): Promise<number> {
    try {
      if (!(await isGoogle(headers.authorization))) return 401;
      await work((rawBody ?? '').toString(), headers);
      return 204;
    } catch (error) {
      // Of what was not handled the log has the reason already.
      if (!(error instanceof NotHandledError)) {
        log.error('The invocation failed', { function_name: functionName, error });
      }
      return error instanceof NoPushError ? 400 : 503;
    }
  }

  return async (request, response) => {
    response.writeHead(await statusOf(request)).end();
  };
}
