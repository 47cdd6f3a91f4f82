import { parseArgs } from 'node:util';
import { requestToken } from './issuer.ts';
import { findPlatform } from './platform-record.ts';
import { readSettings } from './settings.ts';
import { tokenUsage } from './usage.ts';
import { answerHelp } from './version.ts';

/** `npm run token`: prints a token of the running platform's issuer. */

const example = 'npm run token -- --sub <customer id> --scope "<scopes, separated by spaces>"';

const main = async (): Promise<void> => {
  answerHelp(tokenUsage);
  const options = { sub: { type: 'string' }, scope: { type: 'string' } } as const;
  const { sub, scope } = parseArgs({ options }).values;
  if (!sub || scope === undefined) throw new Error(`--sub and --scope are needed: ${example}`);
  const { stage } = readSettings(process.env);
  const platform = findPlatform(stage);
  if (platform === undefined)
    throw new Error(`No platform is running for the stage ${stage}: npm start -- --auth`);
  const { issuer } = platform;
  if (issuer === undefined) {
    throw new Error(
      'The platform that is running is open and has no issuer. Start it with npm start -- --auth.',
    );
  }
  process.stdout.write(`${await requestToken(issuer, { sub, scope })}\n`);
};

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
