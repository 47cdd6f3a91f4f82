import { UsageFailure } from './failure.ts';

/** A route of an HTTP API, as serverless.yml declares it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The names in its path, in their order. */
  readonly parameters: readonly string[];
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** @throws UsageFailure for anything but a method and a path, such as `POST /orders/{orderId}/refund` */
export function parseRoute(text: string): Route {
  const [method = '', path = '', ...rest] = text.trim().split(/\s+/);
  const example = 'such as "POST /orders/{orderId}/refund"';
  if (path === '' || rest.length > 0)
    throw new UsageFailure(`A route is a method and a path, ${example}; "${text}" is not`);
  if (!methods.includes(method))
    throw new UsageFailure(`A route begins with ${methods.join(', ')}; "${method}" is none of them`);
  if (!/^(\/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][A-Za-z0-9]*\}))+$/.test(path)) {
    throw new UsageFailure(
      `A path is lower-case words and {parameters} with / before each, ${example}; "${path}" is not`,
    );
  }
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const twice = parameters.find((name, index) => parameters.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageFailure(`The path ${path} has {${twice}} twice`);
  return { method, path, parameters };
}

const rate = /^rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9]\d+) (?:minutes|hours|days))\)$/;
const cron = /^cron\(\S+(?: \S+){5}\)$/;

/**
 * @throws UsageFailure for what is no schedule of EventBridge:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function checkSchedule(text: string): string {
  if (rate.test(text) || cron.test(text)) return text;
  throw new UsageFailure(`A schedule is rate(5 minutes) or cron with six fields; "${text}" is not`);
}
