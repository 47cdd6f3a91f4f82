import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { parse } from 'yaml';

interface ServiceYaml {
  readonly esbuild: BuildOptions & { readonly exclude: readonly string[]; readonly watch?: unknown };
}

/** How the functions are bundled, from where they are. */
export function ourOptions(): BuildOptions {
  const yaml = readFileSync(resolve(__dirname, '../../shared/serverless/service.yml'), 'utf8');
  const { esbuild } = parse(yaml) as ServiceYaml;
  const { exclude, watch: _, ...options } = esbuild;
  return { ...options, external: [...exclude] };
}
