import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Serverless } from './serverless.ts';
import { repositoryRoot } from './services.ts';

const VALIDATED = join(repositoryRoot, '.orderly/validated');

/** What of Serverless takes part in the check. */
type ValidatedServerless = Pick<Serverless, 'configSchemaHandler' | 'configurationInput'> & {
  readonly service: { readonly provider: Pick<Serverless['service']['provider'], 'stage'> };
};

/** The same for stages that differ in their names only: those are checked when the settings are read. */
const fingerprint = (configuration: unknown, schema: unknown, stage: string): string =>
  createHash('sha256')
    .update(JSON.stringify(configuration).replaceAll(stage, '\0'))
    .update(JSON.stringify(schema))
    .digest('hex');

/**
 * Has a configuration checked against Serverless's schema only when either has changed since it was found to be valid:
 * the check takes half a second of processor time, and 40 MiB of memory for good.
 */
export const validateOnce = (
  { configSchemaHandler: handler, configurationInput, service }: ValidatedServerless,
  folder: string = VALIDATED,
): void => {
  const validate = handler.validateConfig.bind(handler);
  handler.validateConfig = async (configuration) => {
    const stamp = join(folder, fingerprint(configuration, handler.schema, service.provider.stage));
    if (existsSync(stamp)) return;
    await validate(configuration);
    if (handler.constructor.getConfigurationValidationResult(configurationInput) !== true) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, '');
  };
};
