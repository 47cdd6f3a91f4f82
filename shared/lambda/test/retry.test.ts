import { connect } from 'node:net';
import { backOff, isThrottle, isTransient, TransactionConflictError } from '../src/retry.ts';

const error = (more: object) => Object.assign(new Error('message'), more);
const status = (httpStatusCode: unknown) => ({ $metadata: { httpStatusCode } });

describe('transient is', () => {
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
  ])('%j', (shape) => {
    expect(isTransient(error(shape))).toBe(true);
  });

  it('a conflict of transactions', () => {
    expect(isTransient(new TransactionConflictError('in the way'))).toBe(true);
  });

  it('a connection that nothing answers, as Node reports it', async () => {
    const refused = await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve));

    expect(isTransient(refused)).toBe(true);
  });
});

describe('permanent is', () => {
  it.each([
    {},
    { name: 'AccessDeniedException', ...status(403) },
    { name: 'QueueDoesNotExist', ...status(400) },
    { name: 'ValidationException', ...status(400) },
    { name: 'Anything', ...status(499) },
    { name: 'Anything', ...status('500') },
    { $metadata: null },
    { $metadata: {} },
    { code: 500 },
  ])('%j', (shape) => {
    expect(isTransient(error(shape))).toBe(false);
  });

  it.each([undefined, null, 'ThrottlingException', { name: 'ThrottlingException' }])(
    'what is no error: %j',
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
  beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.999_999));
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [0, 4, 100, 4],
    [1, 4, 100, 8],
    [3, 4, 100, 32],
    [9, 4, 25, 25],
    [99, 4, 25, 25],
  ])('before attempt %d, with base %d and cap %d, pauses up to %d ms', async (attempt, base, cap, limit) => {
    const begun = performance.now();

    await backOff(attempt, { base, cap });

    // Timers count whole milliseconds and may end up to one early.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(limit - 1.5);
  });

  it('may pause hardly at all: full jitter', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const begun = performance.now();

    await backOff(20);

    expect(performance.now() - begun).toBeLessThan(900);
  });
});
