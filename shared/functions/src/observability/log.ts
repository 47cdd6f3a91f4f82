import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { maskPersonal } from './mask.ts';
import { requestContextKeys } from './request-context.ts';

// One per container, named by POWERTOOLS_SERVICE_NAME; level by POWERTOOLS_LOG_LEVEL.
const logger = new Logger({
  // Gets every text of a line, also those within errors.
  jsonReplacerFn: maskPersonal,
});

type Extra = Readonly<Record<string, unknown>>;

/** Structured JSON log lines; each carries the ids of the flow it is written in, no e-mail address, and nothing that callers have noted of an order. */
export const log = {
  debug: (message: string, extra: Extra = {}) => logger.debug(message, { ...requestContextKeys(), ...extra }),
  info: (message: string, extra: Extra = {}) => logger.info(message, { ...requestContextKeys(), ...extra }),
  warn: (message: string, extra: Extra = {}) => logger.warn(message, { ...requestContextKeys(), ...extra }),
  /** `extra.error` is written with its stack: for people who operate the platform, never for callers. */
  error: (message: string, extra: Extra = {}) => logger.error(message, { ...requestContextKeys(), ...extra }),
};

/** Has the lines from here on name the function and this request; every wrapper of this package begins with it. */
export function beginInvocation({ awsRequestId, functionName }: Context): void {
  logger.appendKeys({ function_name: functionName, function_request_id: awsRequestId });
}
