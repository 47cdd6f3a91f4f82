import { report } from '../src/report.ts';
import { runFuzz } from '../src/run.ts';
import { untried } from '../src/services.ts';

/** `npm run test:fuzz` tries as many as you like, with another seed each time. */
const [runs, seed] = [2_000, 1];

it('knows every function that takes something from outside', () => {
  expect(untried()).toEqual([]);
});

it(`keeps every promise for ${runs} hostile inputs of seed ${seed}`, async () => {
  const { AWS_ENDPOINT_URL_DYNAMODB: dynamodb = '', AWS_ENDPOINT_URL_SQS: sqs = '' } = process.env;
  const begun = performance.now();

  const results = await runFuzz({ runs, seed, endpoints: { dynamodb, sqs } });

  process.stderr.write(`${report(results, seed, (performance.now() - begun) / 1000)}\n`);
  expect(results.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  expect(results.reduce((sum, { inputs }) => sum + inputs, 0)).toBeGreaterThanOrEqual(runs);
});
