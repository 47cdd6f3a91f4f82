import { FunctionWatch } from '../src/function-watch.ts';
import type { OfflineFunction } from '../src/serverless.ts';
import type { InvocationReport } from '../src/service-messages.ts';

/** A worker as serverless-offline has it: busy while it runs. */
class Worker implements OfflineFunction {
  readonly functionName = 'work';
  runs = 0;
  failing = false;
  #busy = false;

  get status(): string {
    return this.#busy ? 'BUSY' : 'IDLE';
  }

  setClientContext(): void {}
  setEvent(): void {}

  async runHandler(): Promise<unknown> {
    this.#busy = true;
    this.runs += 1;
    await Promise.resolve();
    this.#busy = false;
    if (this.failing) throw new Error('broken');
    return this.runs;
  }
}

const watched = () => {
  const reports: InvocationReport[] = [];
  const watch = new FunctionWatch((report) => reports.push(report));
  const worker = new Worker();
  return { reports, watch, worker, run: () => watch.watch(worker).runHandler() };
};

it('Every run of a worker is reported once, the first one as a cold start', async () => {
  const { reports, worker, run } = watched();
  expect([await run(), await run()]).toEqual([1, 2]);
  worker.failing = true;
  await expect(run()).rejects.toThrow('broken');

  expect(reports.map(({ outcome, coldStart, faulted }) => [outcome, coldStart, faulted])).toEqual([
    ['ok', true, false],
    ['ok', false, false],
    ['error', false, false],
  ]);
  expect(reports[0]).toMatchObject({ type: 'invocation', functionName: 'work' });
});

it('A function with a fault fails instead of running, until the fault ends', async () => {
  const { reports, watch, worker, run } = watched();
  watch.setFaults([{ functionName: 'work', fail: true }]);
  await expect(run()).rejects.toThrow('work fails because a fault is switched on.');
  expect([worker.runs, reports[0]?.faulted]).toEqual([0, true]);
  watch.setFaults([{ functionName: 'other', fail: true }]);

  expect(await run()).toBe(1);
});

it('A delayed worker is busy, so that nobody else gets it', async () => {
  const { reports, watch, worker, run } = watched();
  watch.setFaults([{ functionName: 'work', delayMs: 30 }]);
  const running = run();

  expect([worker.status, worker.runs]).toEqual(['BUSY', 0]);
  await running;
  expect([worker.status, worker.runs]).toEqual(['IDLE', 1]);
  expect(reports[0]?.duration).toBeGreaterThan(20);
});
