import type { Context } from 'aws-lambda';

// A container handles one invocation at a time.
let keys: Readonly<Record<string, unknown>> = {};
let attributes: Readonly<Record<string, string | boolean>> = {};

/** Adds the function and this invocation to all later log lines and spans. */
export function beginInvocation({ functionName, awsRequestId }: Context): void {
  const [, xrayTraceId] = /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '') ?? [];
  const isFirst = keys.function_name === undefined;
  keys = { function_name: functionName, function_request_id: awsRequestId, xray_trace_id: xrayTraceId };
  attributes = {
    'faas.name': functionName,
    'faas.invocation_id': awsRequestId,
    'faas.coldstart': isFirst,
  };
}

/** As log keys. */
export const invocationKeys = () => keys;

/** As attributes of spans. */
export const invocationAttributes = () => attributes;
