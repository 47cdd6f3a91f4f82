import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

export const requestId = '4f9c2c1e-7a3d-4a3e-9a55-1d2f3c4b5a69';

/** The context of an invocation: this request, 3 s left. */
export const context: Context = {
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'function',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:function',
  memoryLimitInMB: '256',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 3_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

type Overrides = Partial<APIGatewayProxyEventV2> & { readonly method?: string };

/** The event of an HTTP API (payload 2.0): by default a POST of `{}` as JSON. */
export function request({ method = 'POST', ...overrides }: Overrides = {}): APIGatewayProxyEventV2 {
  const routeKey = overrides.routeKey ?? `${method} /orders`;
  return {
    version: '2.0',
    rawPath: '/orders',
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path: '/orders', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'gateway',
      routeKey,
      stage: '$default',
      time: '31/Jan/2026:12:00:00 +0000',
      timeEpoch: 1_769_860_800_000,
    },
    ...overrides,
    routeKey,
  };
}

/** An answer as a caller sees it. */
export function seen({ statusCode, headers = {}, body }: APIGatewayProxyStructuredResultV2) {
  return { status: statusCode, headers, body: body === undefined ? undefined : JSON.parse(body) };
}

type Route = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Sends a request, and reads the answer as a caller does. */
export const ask = async (route: Route, overrides?: Overrides) =>
  seen(await route(request(overrides), context));
