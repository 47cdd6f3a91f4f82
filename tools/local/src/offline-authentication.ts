import { randomBytes } from 'node:crypto';
import { type JwtAuthorizer, jwtAuthorizer } from './jwt-authorizer.ts';

/** The parts of serverless-offline's and Hapi's objects that are touched. */
interface Endpoint {
  readonly authorizer?: { readonly scopes?: readonly string[] };
}

interface Request {
  readonly headers: Record<string, string | undefined>;
  readonly raw: { readonly req: { rawHeaders: string[] } };
}

interface Answer {
  code(status: number): this;
  header(name: string, value: string): this;
  takeover(): this;
}

interface Toolkit {
  authenticated(result: { readonly credentials: object }): unknown;
  response(body: object): Answer;
}

/** serverless-offline passes the claims in this header to the function. */
const OVERRIDE = 'sls-offline-authorizer-override';

/** API Gateway hands all claims on as text, a list as `[one other]`. */
const asText = (claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
    ]),
  );

/** Replaces the header of the request with the verified claims. */
const handOn = ({ raw: { req } }: Request, authorizer: object): void => {
  const kept = req.rawHeaders.filter((_, at, all) => all[at - (at % 2)]?.toLowerCase() !== OVERRIDE);
  req.rawHeaders = [...kept, OVERRIDE, JSON.stringify(authorizer)];
};

/**
 * What API Gateway answers itself: problem details it knows none, and the challenge is with 401 only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
 */
const messages = { 401: 'Unauthorized', 403: 'Forbidden' } as const;

/**
 * What serverless-offline calls for each route (`custom.offline.customAuthenticationProvider`): its own JWT authorizer
 * checks no signature.
 */
export const authenticationProvider = (authorizer: JwtAuthorizer) => {
  const decide = jwtAuthorizer(authorizer);
  return ({ authorizer: asked }: Endpoint, functionKey: string, method: string, path: string) => {
    const name = `${functionKey} ${method} ${path}`;
    const authenticate = async (request: Request, toolkit: Toolkit): Promise<unknown> => {
      handOn(request, {});
      if (asked === undefined) return toolkit.authenticated({ credentials: {} });
      const verdict = await decide(request.headers.authorization, asked.scopes ?? []);
      if (verdict.outcome === 'allowed') {
        handOn(request, { jwt: { claims: asText(verdict.claims), scopes: verdict.scopes } });
        return toolkit.authenticated({ credentials: {} });
      }
      const { status, challenge } = verdict;
      const answer = toolkit
        .response({ message: messages[status] })
        .code(status)
        .header('apigw-requestid', randomBytes(11).toString('base64'));
      return (status === 401 ? answer.header('www-authenticate', challenge) : answer).takeover();
    };
    return { name, scheme: name, getAuthenticateFunction: () => ({ authenticate }) };
  };
};
