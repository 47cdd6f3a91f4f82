import { activityOf } from '../../src/records/profile.ts';

it.each([
  ['parseJson', 'shared/contracts/src/parse.ts', 'parse'],
  ['RegExp: ^00-[0-9a-f]+$', '', 'patterns'],
  ['isEnvelope', 'shared/contracts/src/exact-checks.ts', 'check'],
  ['readEvent', 'shared/contracts/src/reaction.ts', 'check'],
  ['~run', 'node_modules/valibot/dist/index.mjs', 'faults'],
  ['nextSpan', 'shared/functions/src/observability/request-context.ts', 'context'],
  ['run', 'node:internal/async_local_storage/async_context_frame', 'context'],
  ['handleGroup', 'shared/functions/src/aws/consume.ts', 'consume'],
  ['react', 'shared/functions/src/messaging/consume.ts', 'consume'],
  ['flushMetrics', 'shared/functions/src/observability/metrics.ts', 'lines'],
  ['writeBuffer', 'node:internal/streams/writable', 'lines'],
  ['(garbage collector)', '', 'memory'],
  ['(program)', '', 'rest'],
  ['doNothing', 'tests/bench/src/records/handlers/handler.ts', 'rest'],
  ['(idle)', '', 'waiting'],
])('the profile counts %s of %j as %s', (functionName, source, activity) => {
  expect(activityOf(functionName, source)).toBe(activity);
});
