import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Serverless } from './serverless.ts';
import { repositoryRoot } from './services.ts';

const VALIDATED = join(repositoryRoot, '.orderly/validated');

const fingerprint = (...parts: readonly unknown[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(JSON.stringify(part));
  return hash.digest('hex');
};

/**
 * Has a configuration checked against Serverless's schema only when either has changed since it was found to be valid:
 * the check takes a second, and 17 MB of memory for good.
 */
export const validateOnce = ({ configSchemaHandler: handler, configurationInput }: Serverless): void => {
  const validate = handler.validateConfig.bind(handler);
  handler.validateConfig = async (configuration) => {
    const stamp = join(VALIDATED, fingerprint(configuration, handler.schema));
    if (existsSync(stamp)) return;
    await validate(configuration);
    if (handler.constructor.getConfigurationValidationResult(configurationInput) !== true) return;
    mkdirSync(VALIDATED, { recursive: true });
    writeFileSync(stamp, '');
  };
};
