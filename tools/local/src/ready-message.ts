import type { PlatformRecord } from './platform-record.ts';

type Row = readonly [name: string, url: string];

const product = `'{"name":"Mug","price":1250,"currency":"EUR"}'`;

const curl = ({ services, issuer }: PlatformRecord): string => {
  const { inventory } = services;
  if (inventory) {
    const token = `$(npm run --silent token -- --sub me --scope inventory:write)`;
    const authorization = issuer === undefined ? '' : ` -H "authorization: Bearer ${token}"`;
    return `curl -X PUT ${inventory.url}/products/MUG${authorization} -H 'content-type: application/json' -d ${product}`;
  }
  return `curl -i ${Object.values(services)[0]?.url}`;
};

/** Where a client of DynamoDB and SQS connects to, or one of another cloud's broker and of PostgreSQL. */
const backends = ({ stage, broker, dynamodb, sqs, databases = {} }: PlatformRecord): readonly Row[] => {
  if (broker === undefined) {
    return [
      ['DynamoDB', dynamodb],
      ['SQS', sqs],
    ];
  }
  const [url] = Object.values(databases);
  // Passwords are not printed: whoever keeps what is printed would keep them, too.
  const postgres = `${url && new URL(url).host}; .orderly/${stage}.json has the URL of each service's database`;
  if (broker.cloud === 'azure') {
    return [
      ['Service Bus', broker.connectionString],
      ['Service Bus over HTTP', broker.restEndpoint],
      ['PostgreSQL', postgres],
    ];
  }
  const { address, restEndpoint, project } = broker;
  return [
    ['Pub/Sub', `PUBSUB_EMULATOR_HOST=${address} GOOGLE_CLOUD_PROJECT=${project}`],
    ['Pub/Sub over HTTP', restEndpoint],
    ['PostgreSQL', postgres],
  ];
};

/** The table of URLs, something to try, the line that says that all is up, and where to see it. */
export const printReady = (record: PlatformRecord, write: (line: string) => void): void => {
  const rows: readonly Row[] = [
    ...Object.entries(record.services).map(([name, { url }]) => [name, url] as const),
    ...backends(record),
    ...(record.issuer === undefined ? [] : [['Issuer', record.issuer] as const]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  write('');
  for (const [name, url] of rows) write(`  ${name.padEnd(width)}  ${url}`);
  write('');
  write('Try:');
  write(`  ${curl(record)}`);
  write('');
  write('Orderly is ready');
  if (record.console !== undefined) write(`See it work: ${record.console}`);
};
