import type { AwsReply } from '@orderly/local/aws-proxy';

/** An answer of an AWS API with a JSON protocol. */
export const answer = (body: unknown): AwsReply => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
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
