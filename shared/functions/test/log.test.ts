import type * as Log from '../src/observability/log.ts';
import type * as RequestContext from '../src/observability/request-context.ts';
import { context, requestId } from './invocations.ts';

const flow = { correlationId: 'flow', causationId: 'cause' };
const silent = { ...process.env };
let written: Record<string, unknown>[] = [];

/** The log as a function has it: at level DEBUG, its lines collected. */
function load(): typeof Log & typeof RequestContext {
  Object.assign(process.env, {
    // Makes Powertools write to the console that can be watched.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
    POWERTOOLS_SERVICE_NAME: 'orders',
  });
  let loaded: (typeof Log & typeof RequestContext) | undefined;
  jest.isolateModules(() => {
    loaded = {
      ...require('../src/observability/log.ts'),
      ...require('../src/observability/request-context.ts'),
    };
  });
  if (loaded === undefined) throw new Error('Not loaded');
  return loaded;
}

beforeEach(() => {
  written = [];
  for (const method of ['debug', 'info', 'warn', 'error', 'log'] as const) {
    jest.spyOn(console, method).mockImplementation((...[line]: readonly unknown[]) => {
      written.push(JSON.parse(String(line)));
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...silent };
});

describe('a log line', () => {
  it.each(['debug', 'info', 'warn', 'error'] as const)(
    'of level %s is JSON with the keys of its flow',
    (level) => {
      const { log, inRequestContext } = load();

      inRequestContext(flow, () => log[level]('Something', { orderId: '1' }));

      expect(written).toEqual([
        expect.objectContaining({
          level: level.toUpperCase(),
          message: 'Something',
          service: 'orders',
          correlation_id: 'flow',
          orderId: '1',
        }),
      ]);
    },
  );

  it.each(['debug', 'info', 'warn', 'error'] as const)('of level %s outside of a flow has none', (level) => {
    const { log } = load();

    log[level]('Something');

    expect(written).toEqual([expect.objectContaining({ message: 'Something' })]);
    expect(written[0]).not.toHaveProperty('correlation_id');
  });

  it('about an error has its name, message and stack', () => {
    const { log } = load();

    log.error('Failed', { error: new TypeError('wrong') });

    expect(written[0]).toMatchObject({
      error: {
        name: 'TypeError',
        message: 'wrong',
        stack: expect.arrayContaining([expect.stringContaining('log.test')]),
      },
    });
  });
});

describe('an invocation', () => {
  it('is named by the lines from its beginning on, inside of a flow and outside', () => {
    const { log, inRequestContext, beginInvocation } = load();

    log.info('Before');
    beginInvocation(context);
    log.info('First');
    beginInvocation({ ...context, awsRequestId: 'second' });
    inRequestContext(flow, () => log.info('Second'));

    expect(
      written.map(({ function_name, function_request_id }) => [function_name, function_request_id]),
    ).toEqual([
      [undefined, undefined],
      ['function', requestId],
      ['function', 'second'],
    ]);
  });
});

describe('an e-mail address', () => {
  it('is masked wherever a line holds it', () => {
    const { log, inRequestContext } = load();
    const cause = new Error('550 <ada@example.com>: no such mailbox');
    const error = Object.assign(new Error('All recipients were refused: ada@example.com', { cause }), {
      rejected: ['ada@example.com'],
      envelope: { to: ['ada@example.com'] },
    });

    inRequestContext({ ...flow, correlationId: 'ada@example.com', orderId: 'ada@example.com' }, () =>
      log.error('ada@example.com was not told', { error, deep: { list: [{ to: 'ada@example.com' }] } }),
    );

    const text = JSON.stringify(written);
    expect(text).not.toMatch(/ada|example/);
    expect(written).toMatchObject([
      {
        message: '***@*** was not told',
        correlation_id: '***@***',
        order_id: '***@***',
        error: { message: 'All recipients were refused: ***@***', rejected: ['***@***'] },
        deep: { list: [{ to: '***@***' }] },
      },
    ]);
  });
});
