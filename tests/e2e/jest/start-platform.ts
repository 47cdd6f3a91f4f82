import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { audience } from '@orderly/local/issuer';
import { type RunningPlatform, startPlatform } from '@orderly/local/platform';
import { findDeployedStage } from '../deployed-stage.ts';
import { logFile } from '../function-log.ts';
import { ownPlatform } from '../own-platform.ts';
import { recordFile } from '../privileges/permissions.ts';
import { type PublishedEvents, watchPublishedEvents } from '../published-events.ts';

declare global {
  var platform: RunningPlatform | undefined;
  var publishedEvents: PublishedEvents | undefined;
}

const recorder = join(__dirname, '../privileges/record-calls.cjs');

/** Looks for a deployed stage where one is to be tested, and else starts the whole platform. */
export default async function start(): Promise<void> {
  const { ORDERLY_E2E_STAGE: stage } = process.env;
  if (stage === undefined) await startLocally();
  else process.env.ORDERLY_DEPLOYED_STAGE = JSON.stringify(await findDeployedStage(stage));
  globalThis.publishedEvents = watchPublishedEvents();
}

/** As `npm start` does, on ports of its own and beside any platform that runs. */
async function startLocally(): Promise<void> {
  const auth = process.env.ORDERLY_E2E_AUTH !== undefined;
  Object.assign(process.env, await ownPlatform(`e2e${process.pid}`), {
    // What a consumer refuses comes back after three seconds, so that five tries do not take minutes.
    ORDERLY_VISIBILITY_TIMEOUT: '3',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(recorder)}`,
  });

  mkdirSync(dirname(logFile), { recursive: true });
  rmSync(logFile, { force: true });
  rmSync(recordFile, { force: true });
  // Services that a test starts again write to it, too.
  const log = createWriteStream(logFile, { flags: 'a' });
  const platform = await startPlatform({ auth, log: (line) => log.write(`${line}\n`) });
  globalThis.platform = platform;
  // For the services that a test starts again.
  if (platform.issuer !== undefined) {
    Object.assign(process.env, { ORDERLY_JWT_ISSUER: platform.issuer, ORDERLY_JWT_AUDIENCE: audience });
  }
}
