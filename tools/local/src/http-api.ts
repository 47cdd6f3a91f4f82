import { isUtf8 } from 'node:buffer';
import type { Cors, HttpRequest, HttpServer, Serverless } from './serverless.ts';

/**
 * Has serverless-offline answer as an HTTP API does. By itself it lets the pages of every origin in, with their cookies, answers
 * HEAD by the route of GET and `/orders/` by that of `/orders`, takes a body without a content type for JSON, refuses what
 * is not percent-encoded well in words of its own, mends what is not UTF-8, and shows the error of a function that failed
 * with status 200.
 *
 * @param cors what the stage's `corsOrigins` come to; without it no page of another origin gets an answer
 */
export const answerAsHttpApi = (http: HttpServer, cors: Cors | undefined): void => {
  const origins = new WeakMap<HttpRequest, string>();
  http.ext('onRequest', (request, { continue: goOn }) => {
    const { origin } = request.headers;
    if (origin !== undefined) origins.set(request, origin);
    // serverless-offline looks for it here; functions get the headers as they came.
    delete request.headers.origin;
    readAsHttpApi(request);
    return goOn;
  });
  http.ext('onPreHandler', (request, { continue: goOn }) => {
    const { req } = request.raw;
    const form = rawHeader(req.rawHeaders, 'content-type').includes('multipart/form-data');
    // What serverless-offline hands on as base64, and anything else as text.
    if (form || (Buffer.isBuffer(request.payload) && !isUtf8(request.payload))) {
      request.headers['content-type'] = 'multipart/form-data';
    }
    return goOn;
  });
  http.ext('onPreResponse', (request, toolkit) => {
    const failed = 'source' in request.response && isFunctionError(request.response.source);
    const response = failed ? toolkit.response(functionFailed).code(500) : request.response;
    const origin = origins.get(request);
    if (cors !== undefined && origin !== undefined && cors.allowedOrigins.includes(origin)) {
      const headers = 'output' in response ? response.output.headers : response.headers;
      Object.assign(headers, corsHeaders(cors, origin, request.method === 'options'));
    }
    return failed ? response : toolkit.continue;
  });
};

/** What an HTTP API answers where a function failed or took too long. */
const functionFailed = { message: 'Internal Server Error' };

/** Whether a body is what Lambda answers where a function failed: no function of ours answers such fields. */
const isFunctionError = (body: unknown): boolean =>
  typeof body === 'string' && /^\{"errorMessage":.*"errorType":/s.test(body);

/**
 * What the plugin's edge.cjs has set up for the stage. It is taken away from serverless-offline, which would answer by it in its
 * own way.
 */
export const takeCors = ({ service: { provider } }: Pick<Serverless, 'service'>): Cors | undefined => {
  const cors = provider.httpApi?.cors;
  if (cors !== undefined) provider.httpApi = { ...provider.httpApi, cors: undefined };
  return cors;
};

const readAsHttpApi = (request: HttpRequest): void => {
  const { req } = request.raw;
  // Hapi, which knows methods in lower case, has GET's route answer HEAD; to an HTTP API it is a method like any other.
  if (request.method === 'head') request.method = 'HEAD';
  if (request.headers['content-type'] === undefined) req.rawHeaders.push('content-type', ' ');
  // Hapi refuses one that it cannot read; functions get it as it came.
  request.headers['content-type'] = 'text/plain';
  if (req.url.startsWith('/')) request.setUrl(wellEncoded(req.url));
};

const rawHeader = (rawHeaders: readonly string[], name: string): string =>
  rawHeaders[rawHeaders.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name) + 1] ?? '';

/** The URL with every `%` of its path that encodes nothing as `%25`, so that functions get it as it came. */
const wellEncoded = (url: string): string => {
  const [path = ''] = url.split(/[?#]/, 1);
  return path.split('/').map(segmentWellEncoded).join('/') + url.slice(path.length);
};

const segmentWellEncoded = (segment: string): string => {
  try {
    decodeURIComponent(segment);
    return segment;
  } catch {
    return segment.replaceAll('%', '%25');
  }
};

/**
 * The headers that API Gateway adds; to the answers of functions, preflight or not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
const corsHeaders = (cors: Cors, origin: string, preflight: boolean): Readonly<Record<string, string>> => ({
  'access-control-allow-origin': origin,
  ...(preflight
    ? {
        'access-control-allow-methods': cors.allowedMethods.join(','),
        'access-control-allow-headers': cors.allowedHeaders.join(','),
        'access-control-max-age': String(cors.maxAge),
      }
    : { 'access-control-expose-headers': cors.exposedResponseHeaders.join(',') }),
});
