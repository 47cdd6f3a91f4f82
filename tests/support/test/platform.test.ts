import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningPlatform } from '@orderly/local/platform';
import { findOrStartPlatform } from '../src/platform.ts';

const calls: string[] = [];

const running: RunningPlatform = {
  pid: 1,
  stage: 'dev',
  region: 'us-east-1',
  dynamodb: 'http://127.0.0.1:8000',
  sqs: 'http://127.0.0.1:9324',
  console: 'http://127.0.0.1:3000',
  services: { orders: { url: 'http://127.0.0.1:3001', pid: 2, lambdaUrl: 'http://127.0.0.1:3101' } },
  stop: async () => void calls.push('stop'),
};

const lease = (found: RunningPlatform | undefined) =>
  findOrStartPlatform('dev', {
    log: () => {},
    logFile: join(tmpdir(), 'orderly-support-test.log'),
    find: (stage) => {
      calls.push(`find ${stage}`);
      return found;
    },
    start: async ({ env } = {}) => {
      calls.push(`start ${env?.ORDERLY_STAGE}`);
      return running;
    },
  });

beforeEach(() => calls.splice(0));

describe('the platform of a run', () => {
  it('is the one that runs, and goes on running afterwards', async () => {
    const { record, startedHere, release } = await lease(running);
    await release();

    expect([record, startedHere]).toEqual([running, false]);
    expect(calls).toEqual(['find dev']);
  });

  it('is started when none runs, and stopped afterwards', async () => {
    const { startedHere, release } = await lease(undefined);
    expect(startedHere).toBe(true);
    await release();

    expect(calls).toEqual(['find dev', 'start dev', 'stop']);
  });
});
