import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { maskPersonal } from './mask.ts';
import { requestContextKeys } from './request-context.ts';
import { nameInvocation } from './span.ts';

// One per container, named by POWERTOOLS_SERVICE_NAME; level by POWERTOOLS_LOG_LEVEL.
const logger = new Logger({
  // Called for every member of a line, also within errors.
  jsonReplacerFn: maskPersonal,
});

type Extra = Readonly<Record<string, unknown>>;

/**
 * Structured JSON log lines. Each has the keys of the request context that it is written in. E-mail addresses and the
 * `freeTextMembers` of the project are masked.
 */
export const log = {
  debug: (message: string, extra: Extra = {}) => logger.debug(message, { ...requestContextKeys(), ...extra }),
  info: (message: string, extra: Extra = {}) => logger.info(message, { ...requestContextKeys(), ...extra }),
  warn: (message: string, extra: Extra = {}) => logger.warn(message, { ...requestContextKeys(), ...extra }),
  /** `extra.error` is written with its stack: for people who operate the platform, never for callers. */
  error: (message: string, extra: Extra = {}) => logger.error(message, { ...requestContextKeys(), ...extra }),
};

/** Adds the function and this invocation to all later log lines and spans. A handler without `http` or `consume` calls it first. */
export function beginInvocation(context: Context): void {
  const { awsRequestId, functionName } = context;
  nameInvocation(context);
  logger.appendKeys({ function_name: functionName, function_request_id: awsRequestId });
}
