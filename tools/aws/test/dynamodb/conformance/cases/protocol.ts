import assert from 'node:assert/strict';
import { type CaseContext, group } from '../case.ts';

const notOn = { aws: 'AWS takes signed requests only, and these are made by hand.' };

const request = async (endpoint: string, operation: string, body: string) => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20120101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Readonly<Record<string, unknown>>,
  };
};

/** A request that is refused with status 400 and an error whose type is, or ends with, `type`. */
const answers = (operation: string, body: (context: CaseContext) => unknown, type: string) => ({
  notOn,
  run: async (context: CaseContext) => {
    const input = body(context);
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    const answer = await request(context.db.endpoint, operation, text);
    assert.equal(answer.status, 400);
    assert(String(answer.body.__type).endsWith(type), `The type is ${answer.body.__type}.`);
    // SDKs read both; DynamoDB writes the first.
    assert.equal(typeof (answer.body.message ?? answer.body.Message), 'string');
  },
});

const INVALID = 'com.amazon.coral.validate#ValidationException';
const UNREADABLE = 'com.amazon.coral.service#SerializationException';

/** What SDKs of all languages rely on: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export const protocol = group('protocol', {
  'An answer is JSON 1.0 with the id of the request': {
    notOn,
    async run({ db, tables }) {
      const { status, headers, body } = await request(
        db.endpoint,
        'DescribeTable',
        JSON.stringify({ TableName: tables.plain }),
      );
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/x-amz-json-1.0');
      assert.match(headers.get('x-amzn-requestid') ?? '', /.{16,}/);
      assert.equal((body.Table as { TableName?: string }).TableName, tables.plain);
    },
  },
  'An error of DynamoDB has its full name in __type': answers(
    'DescribeTable',
    ({ db }) => ({ TableName: db.newName('missing') }),
    'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
  ),
  'A validation error has its own name space in __type': answers(
    'GetItem',
    ({ tables }) => ({ TableName: tables.plain, Key: { pk: { N: '1' } } }),
    INVALID,
  ),
  'An operation that does not exist is refused': answers(
    'MakeCoffee',
    () => ({}),
    '#UnknownOperationException',
  ),
  'A body that is no JSON is refused': answers('DescribeTable', () => '{"TableName":', UNREADABLE),
  'A member of the wrong type is refused': answers('DescribeTable', () => ({ TableName: {} }), UNREADABLE),
  'A table name that is missing is refused': answers('DescribeTable', () => ({}), INVALID),
});
