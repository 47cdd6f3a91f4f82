import { cpuPerOrder } from '../../src/platform/load.ts';

const usage = (cpu: Readonly<Record<string, number>>) =>
  new Map(Object.entries(cpu).map(([name, cpuMs]) => [name, { cpuMs, residentMiB: 1 }]));

describe('the processor time of an order', () => {
  it('is what each process has used since, by the orders, the greatest first', () =>
    expect(cpuPerOrder(usage({ orders: 100, java: 1_000 }), usage({ orders: 150, java: 1_200 }), 10)).toEqual(
      {
        cpuMsPerOrder: 25,
        processes: [
          { process: 'java', cpuMsPerOrder: 20 },
          { process: 'orders', cpuMsPerOrder: 5 },
        ],
      },
    ));

  it('is left out where it cannot be seen', () => expect(cpuPerOrder(undefined, undefined, 10)).toEqual({}));
});
