import type { AwsReply } from '@orderly/local/aws-proxy';

/** An answer of an AWS API with a JSON protocol. */
export const answer = (body: unknown, headers: Readonly<Record<string, string>> = {}): AwsReply => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
  body: JSON.stringify(body),
});

/** An error of an AWS API, by the name that its API reference gives. */
export const error = (status: number, name: string, message: string, more: object = {}): AwsReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': name },
  body: JSON.stringify({ __type: name, message, ...more }),
});

/** Ends the function that gets it; see function-hook.cjs. */
export const kill: AwsReply = { status: 500, headers: { 'x-fault': 'kill' }, body: '{}' };

/** The answer with its body changed; an error stays as it is. */
export function changed(reply: AwsReply, change: (body: Record<string, unknown>) => unknown): AwsReply {
  if (reply.status !== 200) return reply;
  const { 'x-amz-crc32': _, ...headers } = reply.headers;
  const parsed: unknown = JSON.parse(reply.body);
  return { status: 200, headers, body: JSON.stringify(change(Object(parsed))) };
}
