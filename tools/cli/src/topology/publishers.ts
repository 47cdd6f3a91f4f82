import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseContract } from '@orderly/contracts';
import { composeServices } from '@orderly/local/services';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';

const serviceFile = v.object({ service: v.string(), custom: v.object({ topic: v.string() }) });

/** Which service of this repository publishes each topic, as the services' own serverless.yml say. */
export function publishers(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of composeServices().values()) {
    // Its tags, such as !GetAtt, are CloudFormation's.
    const yaml: unknown = parseYaml(readFileSync(join(folder, 'serverless.yml'), 'utf8'), {
      logLevel: 'silent',
    });
    const service = parseContract(serviceFile, yaml);
    if (service.outcome === 'valid') found.set(service.value.custom.topic, service.value.service);
  }
  return found;
}
