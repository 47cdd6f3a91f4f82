import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { backOff, isThrottle, isTransient, TransactionConflictError } from '../src/retry.ts';

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn(async () => {}) }));

const error = (more: object) => Object.assign(new Error('message'), more);
const status = (httpStatusCode: unknown) => ({ $metadata: { httpStatusCode } });

describe('an error is transient', () => {
  it.each([
    { name: 'KmsThrottled', ...status(400) },
    { name: 'LimitExceededException', ...status(400) },
    { name: 'OverLimit', ...status(403) },
    { name: 'ProvisionedThroughputExceededException', ...status(400) },
    { name: 'RequestThrottled', ...status(403) },
    { name: 'ThrottlingException', ...status(400) },
    { name: 'Anything', ...status(429) },
    { name: 'Anything', ...status(500) },
    { name: 'Anything', ...status(599) },
    { name: 'TimeoutError' },
    { name: 'RequestTimeout', ...status(400) },
    { code: 'ECONNREFUSED' },
    { code: 'ECONNRESET' },
    { code: 'EAI_AGAIN' },
  ])('with the shape %j', (shape) => {
    expect(isTransient(error(shape))).toBe(true);
  });

  it('if a transaction conflicts with a single write, which is no throttle', () => {
    const error = Object.assign(new Error('Transaction is ongoing for the item'), {
      name: 'TransactionConflictException',
      $metadata: { httpStatusCode: 400 },
    });

    expect([isTransient(error), isThrottle(error)]).toEqual([true, false]);
  });

  it('if transactions conflict', () => {
    expect(isTransient(new TransactionConflictError('in the way'))).toBe(true);
  });

  it('if Node finds nothing that accepts a connection', async () => {
    const refused = await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve));

    expect(isTransient(refused)).toBe(true);
  });
});

describe('an error is permanent', () => {
  it.each([
    {},
    { name: 'AccessDeniedException', $fault: 'client', ...status(403) },
    { name: 'QueueDoesNotExist', $fault: 'client', ...status(400) },
    { name: 'ValidationException', $fault: 'client', ...status(400) },
    { name: 'Anything', $fault: 'client', ...status(499) },
    { name: 'Anything', ...status('500') },
    { $metadata: null },
    { $metadata: {} },
    { code: 500 },
  ])('with the shape %j', (shape) => {
    expect(isTransient(error(shape))).toBe(false);
  });

  it.each([undefined, null, 'ThrottlingException', { name: 'ThrottlingException' }])(
    'if it is no Error but %j',
    (thrown) => {
      expect(isTransient(thrown)).toBe(false);
    },
  );
});

it('a fault of the service is no throttle', () => {
  expect(isThrottle(error(status(503)))).toBe(false);
  expect(isThrottle(error({ name: 'ThrottlingException' }))).toBe(true);
});

describe('backOff', () => {
  const pause = jest.mocked(setTimeout);
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [0, 20],
    [1, 40],
    [4, 320],
    [6, 1_000],
    [2_000, 1_000],
  ])('before attempt %d pauses up to %d ms, with full jitter', async (attempt, limit) => {
    for (const share of [0, 0.25, 0.999]) {
      jest.spyOn(Math, 'random').mockReturnValue(share);

      await backOff(attempt);

      expect(pause).toHaveBeenLastCalledWith(share * limit);
    }
  });

  it('accepts another base and cap', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);

    await backOff(1, { base: 100, cap: 10_000 });
    await backOff(30, { base: 100, cap: 10_000 });

    expect(pause.mock.calls.slice(-2)).toEqual([[100], [5_000]]);
  });
});
