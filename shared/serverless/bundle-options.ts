import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { parse } from 'yaml';

interface ServiceYaml {
  readonly esbuild: Omit<BuildOptions, 'plugins'> & {
    readonly exclude: readonly string[];
    /** From the folder of a service. */
    readonly plugins: string;
    readonly watch?: unknown;
  };
}

/** How the functions are bundled, from where they are. */
export function ourOptions(): BuildOptions {
  const yaml = readFileSync(resolve(__dirname, 'service.yml'), 'utf8');
  const { esbuild } = parse(yaml) as ServiceYaml;
  const { exclude, plugins, watch: _, ...options } = esbuild;
  const loaded = createRequire(__filename)(resolve(__dirname, '../../services/any', plugins)) as Plugin[];
  return { ...options, external: [...exclude], plugins: loaded };
}
