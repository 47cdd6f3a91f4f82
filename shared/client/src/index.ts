export type * from './apis.ts';
export type { CallOptions } from './call.ts';
export { type ClientOptions, orderlyClient } from './client.ts';
export { NoAnswerError, ProblemError } from './errors.ts';
export { paginate } from './paginate.ts';
