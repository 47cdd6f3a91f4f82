import type { PlatformRecord } from './platform-record.ts';

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

/** The table of URLs, something to try, the line that says that all is up, and where to see it. */
export const printReady = (record: PlatformRecord, write: (line: string) => void): void => {
  const rows = [
    ...Object.entries(record.services).map(([name, { url }]) => [name, url] as const),
    ...(record.cloud === undefined
      ? [['DynamoDB', record.dynamodb] as const, ['SQS', record.sqs] as const]
      : []),
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
