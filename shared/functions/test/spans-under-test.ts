import type * as Traced from '../src/aws/traced.ts';
import type * as Handler from '../src/http/handler.ts';
import type * as Problem from '../src/http/problem.ts';
import type * as Consume from '../src/messaging/consume.ts';
import type * as Outbox from '../src/messaging/outbox.ts';
import type * as PublishOutbox from '../src/messaging/publish-outbox.ts';
import type * as RequestContext from '../src/observability/request-context.ts';
import type * as Span from '../src/observability/span.ts';
import { loadAnew } from './collected-output.ts';

type Toolkit = typeof Handler &
  typeof Problem &
  typeof Consume &
  typeof Outbox &
  typeof PublishOutbox &
  typeof RequestContext &
  typeof Span &
  typeof Traced;

const unchanged = { ...process.env };

/** Loads the toolkit anew, with the environment variable as a stage sets it. */
export function toolkit(spans: 'true' | 'false' | undefined): Toolkit {
  process.env = { ...unchanged, ...process.env };
  delete process.env.ORDERLY_TRACE_SPANS;
  if (spans !== undefined) process.env.ORDERLY_TRACE_SPANS = spans;
  return loadAnew<Toolkit>(() => ({
    ...require('../src/aws/traced.ts'),
    ...require('../src/http/handler.ts'),
    ...require('../src/http/problem.ts'),
    ...require('../src/messaging/consume.ts'),
    ...require('../src/messaging/outbox.ts'),
    ...require('../src/messaging/publish-outbox.ts'),
    ...require('../src/observability/request-context.ts'),
    ...require('../src/observability/span.ts'),
  }));
}

/** The lines of spans that were written since the test began, as the log has them. */
export const spans: Record<string, unknown>[] = [];

/** Collects them instead of writing them. */
export function collectSpans(): void {
  beforeEach(() => {
    spans.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      spans.push(JSON.parse(String(text)));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...unchanged };
  });
}

/** A span of a caller, and its parts. */
export const caller = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
};
