import * as metrics from '@orderly/functions/observability/metrics';
import { context } from '../../../tests/platform/invoke.ts';
import { handler } from '../src/functions/__function__.ts';

it('counts each run', async () => {
  const count = jest.spyOn(metrics, 'count');

  await handler({}, context());

  expect(count.mock.calls).toEqual([['__Function__Runs']]);
});
