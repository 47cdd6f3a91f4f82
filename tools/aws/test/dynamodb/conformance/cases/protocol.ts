import assert from 'node:assert/strict';
import type { CaseGroup } from '../case.ts';

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

/** What SDKs of all languages rely on: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export const protocol: CaseGroup = {
  subject: 'protocol',
  cases: [
    {
      name: 'An answer is JSON 1.0 with the id of the request',
      notOn,
      run: async ({ db, tables }) => {
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
    {
      name: 'An error of DynamoDB has its full name in __type',
      notOn,
      run: async ({ db }) => {
        const { status, body } = await request(
          db.endpoint,
          'DescribeTable',
          JSON.stringify({ TableName: db.newName('missing') }),
        );
        assert.equal(status, 400);
        assert.equal(body.__type, 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException');
        // SDKs read both; DynamoDB writes the first.
        assert.equal(typeof (body.message ?? body.Message), 'string');
      },
    },
    {
      name: 'A validation error has its own name space in __type',
      notOn,
      run: async ({ db, tables }) => {
        const { status, body } = await request(
          db.endpoint,
          'GetItem',
          JSON.stringify({ TableName: tables.plain, Key: { pk: { N: '1' } } }),
        );
        assert.equal(status, 400);
        assert.equal(body.__type, 'com.amazon.coral.validate#ValidationException');
      },
    },
    {
      name: 'An operation that does not exist is refused',
      notOn,
      run: async ({ db }) => {
        const { status, body } = await request(db.endpoint, 'MakeCoffee', '{}');
        assert.equal(status, 400);
        assert.match(String(body.__type), /#UnknownOperationException$/);
      },
    },
    {
      name: 'A body that is no JSON is refused',
      notOn,
      run: async ({ db }) => {
        const { status, body } = await request(db.endpoint, 'DescribeTable', '{"TableName":');
        assert.equal(status, 400);
        assert.equal(body.__type, 'com.amazon.coral.service#SerializationException');
      },
    },
    {
      name: 'A member of the wrong type is refused',
      notOn,
      run: async ({ db }) => {
        const { status, body } = await request(db.endpoint, 'DescribeTable', '{"TableName":{}}');
        assert.equal(status, 400);
        assert.equal(body.__type, 'com.amazon.coral.service#SerializationException');
      },
    },
    {
      name: 'A table name that is missing is refused',
      notOn,
      run: async ({ db }) => {
        const { status, body } = await request(db.endpoint, 'DescribeTable', '{}');
        assert.equal(status, 400);
        assert.equal(body.__type, 'com.amazon.coral.validate#ValidationException');
      },
    },
  ],
};
