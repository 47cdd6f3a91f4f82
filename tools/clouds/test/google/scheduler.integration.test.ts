import { setTimeout as delay } from 'node:timers/promises';
import { ManualClock } from '@orderly/aws/test/manual-clock';
import { createTokenIssuer } from '../../src/google/pubsub/token-issuer.ts';
import { type Job, startScheduler } from '../../src/google/scheduler.ts';
import { startEndpoint } from './endpoint.ts';
import { until } from './poll.ts';

const MINUTE_MS = 60_000;

describe('The scheduler', () => {
  it('calls a function after every period, with a token, as Cloud Scheduler does', async () => {
    const clock = new ManualClock();
    const issuer = await createTokenIssuer('http://127.0.0.1:1', clock);
    const endpoint = await startEndpoint((_, count) => (count === 1 ? 500 : 200));
    const failures: string[] = [];
    const oidc = { serviceAccountEmail: 'scheduler@orderly.iam.gserviceaccount.com', audience: 'sweep' };
    const job: Job = { name: 'sweep', url: endpoint.url, everySeconds: 60, oidc };
    const onFailure = ({ name }: Job, reason: string) => failures.push(`${name}: ${reason}`);
    const stop = startScheduler([job], { clock, issuer, onFailure });
    try {
      clock.advance(MINUTE_MS - 1);
      await delay(20);
      expect(endpoint.pushed).toEqual([]);
      clock.advance(1);
      await until('it calls', () => failures.length === 1);
      clock.advance(MINUTE_MS);
      await until('it calls again', () => endpoint.pushed.length === 2);
      expect(failures).toEqual(['sweep: status 500']);
      expect(endpoint.pushed[0]?.headers).toMatchObject({
        'user-agent': 'Google-Cloud-Scheduler',
        'x-cloudscheduler': 'true',
        'x-cloudscheduler-jobname': 'sweep',
        'x-cloudscheduler-scheduletime': '2026-01-01T00:01:00.000Z',
        authorization: `Bearer ${issuer.token(oidc)}`,
      });
    } finally {
      stop();
      await endpoint.stop();
    }
    expect(clock.waiting).toBe(0);
  });

  it('does not call a job that still runs', async () => {
    const clock = new ManualClock();
    const issuer = await createTokenIssuer('http://127.0.0.1:1', clock);
    let finish: (status: number) => void = () => undefined;
    const endpoint = await startEndpoint(() => new Promise<number>((done) => (finish = done)));
    const job: Job = { name: 'sweep', url: endpoint.url, everySeconds: 60 };
    const stop = startScheduler([job], { clock, issuer, onFailure: () => undefined });
    try {
      clock.advance(MINUTE_MS);
      await until('it calls', () => endpoint.pushed.length === 1);
      clock.advance(3 * MINUTE_MS);
      await delay(20);
      expect(endpoint.pushed).toHaveLength(1);
      finish(200);
      await until('it calls again', () => {
        clock.advance(MINUTE_MS);
        return endpoint.pushed.length === 2;
      });
      finish(200);
    } finally {
      stop();
      await endpoint.stop();
    }
  });
});
