import { begin, record, retry } from '../src/domain/delivery.ts';
import { after, answered, endpointId, noon, unanswered } from './builders.ts';

const policy = { delaySeconds: [5, 30] };
const delivery = begin(endpointId(), { id: 'an-event', type: 'orderly.order.placed.v1', body: '{}' }, noon);

describe('a delivery', () => {
  it('is due when it begins', () => {
    expect(delivery).toMatchObject({ status: 'PENDING', nextAttemptAt: noon.toISOString(), attempts: [] });
  });

  it.each([200, 204, 299])('has arrived by the answer %i', (status) => {
    const { nextAttemptAt: _, ...before } = delivery;

    expect(record(delivery, answered(status), noon, policy, 0)).toEqual({
      ...{ ...before, status: 'DELIVERED', version: 2 },
      attempts: [{ ...answered(status), at: noon.toISOString() }],
    });
  });

  it.each([
    ['a redirect', answered(301)],
    ['404', answered(404)],
    ['500', answered(500)],
    ['no answer', unanswered],
  ])('is tried again after %s, in the pauses of the policy, then it has FAILED', (_, attempt) => {
    const { durationMs } = attempt;
    const second = after(durationMs + 5_000);
    const third = after(durationMs + 30_000, second);
    const once = record(delivery, attempt, noon, policy, 0);
    const twice = record(once, attempt, second, policy, 0);
    const thrice = record(twice, attempt, third, policy, 0);

    expect(once).toMatchObject({ status: 'PENDING', nextAttemptAt: second.toISOString(), failures: 1 });
    expect(twice).toMatchObject({ status: 'PENDING', nextAttemptAt: third.toISOString(), failures: 2 });
    expect(thrice).toMatchObject({ status: 'FAILED', failures: 3, version: 4 });
    expect(thrice.nextAttemptAt).toBeUndefined();
    expect(thrice.attempts).toHaveLength(3);
  });

  it('pauses up to a tenth longer, by chance', () => {
    expect(record(delivery, answered(500), noon, policy, 0.5).nextAttemptAt).toBe(
      after(40 + 5_250).toISOString(),
    );
  });

  it('pauses as long as Retry-After asks for, if that is longer', () => {
    const busy = { ...answered(503), retryAfterSeconds: 60 };
    const soon = { ...answered(503), retryAfterSeconds: 1 };

    expect(record(delivery, busy, noon, policy, 0).nextAttemptAt).toBe(after(60_040).toISOString());
    expect(record(delivery, soon, noon, policy, 0).nextAttemptAt).toBe(after(5_040).toISOString());
  });

  it('has FAILED at once by 410', () => {
    expect(record(delivery, answered(410), noon, policy, 0).status).toBe('FAILED');
  });

  it('keeps its last 20 attempts', () => {
    let tried = delivery;
    for (let i = 0; i < 25; i++)
      tried = record(tried, answered(500 + i), noon, { delaySeconds: Array(30).fill(1) }, 0);

    expect(tried.attempts.map((attempt) => 'status' in attempt && attempt.status)).toEqual(
      Array.from({ length: 20 }, (_, i) => 505 + i),
    );
  });

  it('has all its attempts again after a retry, whatever has become of it', () => {
    const failed = record(
      record(record(delivery, unanswered, noon, policy, 0), unanswered, noon, policy, 0),
      unanswered,
      noon,
      policy,
      0,
    );
    const retried = retry(failed, after(90_000));

    expect(retried).toMatchObject({
      status: 'PENDING',
      failures: 0,
      nextAttemptAt: after(90_000).toISOString(),
    });
    expect(retried.attempts).toHaveLength(3);
    expect(record(retried, unanswered, after(90_000), policy, 0).status).toBe('PENDING');
  });
});
