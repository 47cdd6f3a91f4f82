import { leasePlatform, type Platform, type PlatformSource } from '../src/platform.ts';

const PLATFORM: Platform = {
  stage: 'dev',
  region: 'us-east-1',
  sqs: 'http://127.0.0.1:9324',
  services: {
    orders: { url: 'http://127.0.0.1:3001' },
    inventory: { url: 'http://127.0.0.1:3002' },
    notifications: { url: 'http://127.0.0.1:3003' },
  },
};

const source = (running: Platform | undefined): { calls: string[]; source: PlatformSource } => {
  const calls: string[] = [];
  const stop = async (): Promise<void> => {
    calls.push('stop');
  };
  return {
    calls,
    source: {
      find: async (stage) => {
        calls.push(`find ${stage}`);
        return running;
      },
      start: async (stage) => {
        calls.push(`start ${stage}`);
        return { ...PLATFORM, stop };
      },
    },
  };
};

describe('the platform of a run', () => {
  it('is the one that runs, and goes on running afterwards', async () => {
    const { calls, source: local } = source(PLATFORM);
    const lease = await leasePlatform(local, 'dev', () => {});
    await lease.release();
    expect([lease.platform, lease.startedHere]).toEqual([PLATFORM, false]);
    expect(calls).toEqual(['find dev']);
  });

  it('is started when none runs, and stopped afterwards', async () => {
    const { calls, source: local } = source(undefined);
    const lease = await leasePlatform(local, 'dev', () => {});
    expect(lease.startedHere).toBe(true);
    await lease.release();
    expect(calls).toEqual(['find dev', 'start dev', 'stop']);
  });
});
