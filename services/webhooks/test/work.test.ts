import {
  claim,
  hasFailedFor,
  isResting,
  nextTimer,
  noteAttempt,
  noWork,
  release,
  since,
} from '../src/domain/work.ts';
import { after, noon } from './builders.ts';

const taken = (at = noon) => {
  const claimed = claim(noWork, 'mine', at, 30_000);
  if (claimed.outcome !== 'taken') throw new Error(claimed.outcome);
  return claimed.work;
};

const failing = (times: number, from = noWork) => {
  let work = from;
  for (let i = 0; i < times; i++) work = noteAttempt(work, false, noon);
  return work;
};

describe('the lease on an endpoint', () => {
  it('is taken by one', () => {
    expect(taken()).toEqual({
      version: 1,
      failures: 0,
      leaseId: 'mine',
      leaseEndsAt: after(30_000).toISOString(),
    });
  });

  it('is left to its holder, who is asked to look again, once', () => {
    const busy = claim(taken(), 'other', after(29_999), 30_000);

    expect(busy).toEqual({ outcome: 'busy', work: { ...taken(), version: 2, again: true } });
    expect('work' in busy && claim(busy.work, 'third', after(29_999), 30_000)).toEqual({ outcome: 'noted' });
  });

  it('is lost by a holder that has not given it back in time', () => {
    expect(claim({ ...taken(), again: true }, 'other', after(30_000), 30_000)).toEqual({
      outcome: 'taken',
      work: { version: 2, failures: 0, leaseId: 'other', leaseEndsAt: after(60_000).toISOString() },
    });
  });

  it('is given back with all that is known about the endpoint', () => {
    expect(release({ ...failing(3, taken()), timerAt: 'soon', again: true })).toEqual({
      ...{ version: 2, failures: 3, failingSince: noon.toISOString(), timerAt: 'soon' },
    });
  });
});

describe('an endpoint that fails', () => {
  it('rests after each ten failures in a row, twice as long each time, for 15 minutes at most', () => {
    expect(failing(9).restsUntil).toBeUndefined();
    const rests = [10, 20, 30, 80, 10_000].map(
      (times) => Date.parse(failing(times).restsUntil ?? '') - noon.getTime(),
    );

    expect(rests).toEqual([5_000, 10_000, 20_000, 640_000, 900_000]);
    expect(isResting(failing(10), after(4_999))).toBe(true);
    expect(isResting(failing(10), after(5_000))).toBe(false);
  });

  it('is well again after one success', () => {
    expect(noteAttempt(failing(25), true, noon)).toEqual(noWork);
  });

  it('has failed since its first failure, as long as it was not enabled after that', () => {
    const work = noteAttempt(failing(1), false, after(5_000));

    expect(hasFailedFor(work, 60_000, after(59_999))).toBe(false);
    expect(hasFailedFor(work, 60_000, after(60_000))).toBe(true);
    expect(since(work, noon.toISOString())).toBe(work);
    expect(since(work, after(1).toISOString())).toEqual(noWork);
    expect(hasFailedFor(noWork, 0, noon)).toBe(false);
  });
});

describe('the next wake-up', () => {
  const at = (seconds: number) => after(seconds * 1000);

  it('is when the first delivery is due, in 15 minutes at most', () => {
    expect(nextTimer(noWork, at(20).toISOString(), noon)).toEqual(at(20));
    expect(nextTimer(noWork, at(-20).toISOString(), noon)).toEqual(noon);
    expect(nextTimer(noWork, at(100_000).toISOString(), noon)).toEqual(at(900));
  });

  it('is after the rest of the endpoint', () => {
    expect(nextTimer({ ...noWork, restsUntil: at(60).toISOString() }, noon.toISOString(), noon)).toEqual(
      at(60),
    );
  });

  it('is not sent twice, unless it may have arrived already or comes too late', () => {
    const sentFor = (seconds: number) => ({ ...noWork, timerAt: at(seconds).toISOString() });

    expect(nextTimer(sentFor(20), at(20).toISOString(), noon)).toBeUndefined();
    expect(nextTimer(sentFor(20), at(30).toISOString(), noon)).toBeUndefined();
    expect(nextTimer(sentFor(20), at(10).toISOString(), noon)).toEqual(at(10));
    expect(nextTimer(sentFor(4), at(30).toISOString(), noon)).toEqual(at(30));
    expect(nextTimer(sentFor(-4), at(30).toISOString(), noon)).toEqual(at(30));
  });
});
