import type { AwsReply } from '@orderly/local/aws-proxy';

/** An error of an AWS API with a JSON protocol, by the name that its API reference gives. */
export const awsError = (status: number, name: string, message: string, more: object = {}): AwsReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': name },
  body: JSON.stringify({ __type: name, message, ...more }),
});
