import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { services } from '@orderly/local/services';
import { type BundledPackage, bundle, root } from './bundle.ts';

/** The files of all functions of all services, relative to the root. */
export function functionFiles(): readonly string[] {
  return services.flatMap((service) => {
    const folder = `services/${service}/src/functions`;
    return readdirSync(join(root, folder)).map((file) => `${folder}/${file}`);
  });
}

/** Every third-party package that is shipped in some function, by its path. */
export async function shippedPackages(): Promise<ReadonlyMap<string, BundledPackage>> {
  const bundles = await bundle(functionFiles());
  return new Map([...bundles.values()].flatMap(({ packages }) => packages.map((each) => [each.path, each])));
}
