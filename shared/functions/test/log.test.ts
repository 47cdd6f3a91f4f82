import type * as Invocation from '../src/aws/invocation.ts';
import type * as Log from '../src/observability/log.ts';
import type * as RequestContext from '../src/observability/request-context.ts';
import { collectOutput, loadAnew, written } from './collected-output.ts';
import { context, requestId } from './invocations.ts';

const requestContext = { correlationId: 'request', causationId: 'cause' };
/** Loads the log as in a function. */
const load = () =>
  loadAnew<typeof Invocation & typeof Log & typeof RequestContext>(() => ({
    ...require('../src/aws/invocation.ts'),
    ...require('../src/observability/log.ts'),
    ...require('../src/observability/request-context.ts'),
  }));

collectOutput({ POWERTOOLS_LOG_LEVEL: 'DEBUG' });

describe('a log line', () => {
  it.each(['debug', 'info', 'warn', 'error'] as const)(
    'of level %s is JSON with the keys of its request context, if it has one',
    (level) => {
      const { log, inRequestContext } = load();

      inRequestContext(requestContext, () => log[level]('Something', { orderId: '1' }));
      log[level]('Outside');

      expect(written).toMatchObject([
        {
          level: level.toUpperCase(),
          message: 'Something',
          service: 'orders',
          correlation_id: 'request',
          orderId: '1',
        },
        { message: 'Outside' },
      ]);
      expect(written[1]).not.toHaveProperty('correlation_id');
    },
  );

  it('names the invocation that has begun, inside and outside of a request context', () => {
    const { log, inRequestContext, beginInvocation } = load();

    log.info('Before');
    beginInvocation(context);
    log.info('First');
    beginInvocation({ ...context, awsRequestId: 'second' });
    inRequestContext(requestContext, () => log.info('Second'));

    expect(
      written.map(({ function_name, function_request_id }) => [function_name, function_request_id]),
    ).toEqual([
      [undefined, undefined],
      ['function', requestId],
      ['function', 'second'],
    ]);
  });

  it('names the trace that AWS X-Ray has for the invocation, if it has one', () => {
    const { log, beginInvocation } = load();
    const root = '1-67891233-abcdef012345678912345678';

    process.env._X_AMZN_TRACE_ID = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`;
    beginInvocation(context);
    log.info('First');
    delete process.env._X_AMZN_TRACE_ID;
    beginInvocation(context);
    log.info('Second');

    expect(written.map(({ xray_trace_id }) => xray_trace_id)).toEqual([root, undefined]);
  });

  it('masks e-mail addresses in all of its members', () => {
    const { log, inRequestContext } = load();
    const cause = new Error('550 <ada@example.com>: no such mailbox');
    const error = Object.assign(new Error('All recipients were refused: ada@example.com', { cause }), {
      rejected: ['ada@example.com'],
      envelope: { to: ['ada@example.com'] },
    });

    const ada = {
      correlationId: 'ada@example.com',
      causationId: '1',
      logKeys: { order_id: 'ada@example.com' },
    };
    inRequestContext(ada, () =>
      log.error('ada@example.com was not notified', { error, deep: { list: [{ to: 'ada@example.com' }] } }),
    );

    const text = JSON.stringify(written);
    expect(text).not.toMatch(/ada|example/);
    expect(written).toMatchObject([
      {
        message: '***@*** was not notified',
        correlation_id: '***@***',
        order_id: '***@***',
        error: { message: 'All recipients were refused: ***@***', rejected: ['***@***'] },
        deep: { list: [{ to: '***@***' }] },
      },
    ]);
  });

  it('shows errors with their causes, large integers, and objects that hold themselves', () => {
    const { log } = load();
    const cause = new RangeError('the cause');
    const error = Object.assign(new Error('failed', { cause }), { code: 'E1' });
    cause.cause = error;

    log.warn('Something', { error, large: 2n ** 64n, list: [error, { again: [] }] });

    expect(written).toMatchObject([
      {
        error: {
          ...{ name: 'Error', message: 'failed', code: 'E1', stack: expect.stringContaining('log.test.ts') },
          cause: { name: 'RangeError', message: 'the cause', cause: '[circular]' },
        },
        large: '18446744073709551616',
        list: [{ message: 'failed' }, { again: [] }],
      },
    ]);
  });

  it.each([
    ['WARN', ['WARN', 'ERROR']],
    ['error', ['ERROR']],
    ['SILENT', []],
    ['LOUD', ['INFO', 'WARN', 'ERROR']],
    ['', ['INFO', 'WARN', 'ERROR']],
  ])('is written from the level POWERTOOLS_LOG_LEVEL on: %j', (lowest, expected) => {
    process.env.POWERTOOLS_LOG_LEVEL = lowest;
    const { log } = load();

    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('Something');

    expect(written.map(({ level }) => level)).toEqual(expected);
  });
});
