import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Answer, EdgeRequest } from '../http/edge.ts';
import { beginInvocation } from './invocation.ts';

/**
 * A function behind an HTTP API of API Gateway, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function served(answer: Answer) {
  return async (
    event: APIGatewayProxyEventV2,
    context: Context,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    beginInvocation(context);
    const { status: statusCode, ...rest } = await answer(requestOf(event), context.awsRequestId);
    return { statusCode, ...rest };
  };
}

function requestOf(event: APIGatewayProxyEventV2): EdgeRequest {
  const { routeKey, rawPath, headers, requestContext, body, isBase64Encoded } = event;
  return {
    method: requestContext.http.method,
    route: routeKey === '$default' ? undefined : routeKey,
    path: rawPath,
    pathParameters: event.pathParameters,
    query: event.queryStringParameters,
    headers,
    // serverless-offline sets null where API Gateway omits it.
    body: () => Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    claims: (requestContext as Authorized).authorizer?.jwt?.claims,
  };
}

/** Its type has no authorizer, because a route may have none. */
interface Authorized {
  readonly authorizer?: { readonly jwt?: { readonly claims?: unknown } };
}
