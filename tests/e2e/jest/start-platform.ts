import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { audience } from '@orderly/local/issuer';
import { lineWriter, type OwnPlatform, startOwnPlatform } from '@orderly/support/platform';
import { cloudUnderTest } from '../cloud.ts';
import { findDeployedStage } from '../deployed-stage.ts';
import { logFile } from '../function-log.ts';
import { recordFile } from '../privileges/permissions.ts';
import { type PublishedEvents, watchPublishedEvents } from '../published-events.ts';

declare global {
  var platform: OwnPlatform | undefined;
  var publishedEvents: PublishedEvents | undefined;
}

const recorder = join(__dirname, '../privileges/record-calls.cjs');

/** Looks for a deployed stage where one is to be tested, and else starts the whole platform. */
export default async function start(): Promise<void> {
  const { ORDERLY_E2E_STAGE: stage } = process.env;
  if (stage === undefined) await startLocally();
  else process.env.ORDERLY_DEPLOYED_STAGE = JSON.stringify(await findDeployedStage(stage));
  // Not before the environment says what is under test.
  const { connectBroker } = await import('../subscriber.ts');
  globalThis.publishedEvents = await watchPublishedEvents(await connectBroker());
}

/** As `npm start` does, on ports of its own and beside any platform that runs. */
async function startLocally(): Promise<void> {
  rmSync(recordFile, { force: true });
  const platform = await startOwnPlatform({
    stage: `e2e${process.pid}`,
    auth: process.env.ORDERLY_E2E_AUTH !== undefined,
    cloud: cloudUnderTest(),
    // Services that a test starts again write to it, too.
    log: lineWriter(logFile),
    env: {
      // What a consumer refuses comes back after three seconds, so that five tries do not take minutes.
      ORDERLY_VISIBILITY_TIMEOUT: '3',
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(recorder)}`,
    },
  });
  globalThis.platform = platform;
  const { issuer } = platform.record;
  // For the tests, and for the services that a test starts again.
  Object.assign(process.env, platform.env, {
    ...(issuer !== undefined && { ORDERLY_JWT_ISSUER: issuer, ORDERLY_JWT_AUDIENCE: audience }),
  });
}
