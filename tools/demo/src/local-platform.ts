import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlatformRecord } from '@orderly/local/platform';
import type { Platform, PlatformSource } from './platform.ts';

/** Where the platform that the demo starts writes what it says; each run begins it anew. */
const LOG_FILE = join(tmpdir(), 'orderly-demo-platform.log');

/** Loaded when it is needed: `--help` and a wrong file do not wait for the platform's code. */
const local = () => import('@orderly/local/platform');

/** The platform of this machine, as `npm start` runs it. */
export const localPlatform: PlatformSource = {
  find: async (stage) => {
    const record = (await local()).findPlatform(stage);
    return record && withToken(record);
  },
  start: async (stage, log) => {
    log(`Its log is ${LOG_FILE}.`);
    const file = createWriteStream(LOG_FILE);
    const { startPlatform } = await local();
    const started = await startPlatform({
      env: { ORDERLY_STAGE: stage },
      log: (line) => file.write(`${line}\n`),
    });
    const stop = async (): Promise<void> => {
      await started.stop();
      file.end();
    };
    return { ...(await withToken(started)), stop };
  },
};

/** What the demo asks for, as somebody who may act for every customer. */
const scope = 'orders:admin inventory:write inventory:read';

const withToken = async (record: PlatformRecord): Promise<Platform> => {
  const { issuer } = record;
  if (issuer === undefined) return toPlatform(record);
  const { tokenSource } = await import('@orderly/local/issuer');
  return { ...toPlatform(record), token: tokenSource(issuer, { sub: 'demo', scope }) };
};

const toPlatform = ({ stage, region, sqs, services }: PlatformRecord): Platform => {
  const { orders, inventory, notifications } = services;
  if (!orders || !inventory || !notifications) {
    const missing = ['orders', 'inventory', 'notifications'].filter((name) => !services[name]);
    throw new Error(
      `The platform of stage ${stage} runs without ${missing.join(' and ')}; start it with npm start.`,
    );
  }
  return { stage, region, sqs, services: { orders, inventory, notifications } };
};
