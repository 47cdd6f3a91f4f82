import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { BundledPackage } from './bundle.ts';

const spec = Spec.Spec1dot6;
export const specVersion = spec.version;

export interface DescribedFunction {
  /** `orders/place-order` */
  readonly name: string;
  /** Of the zip, in hexadecimal. */
  readonly sha256: string;
  readonly packages: readonly BundledPackage[];
}

/**
 * The bill of materials of a function: CycloneDX 1.6 in JSON. The same code gives the same bytes, so it has neither a
 * time nor a serial number.
 */
export function sbomOf({ name, sha256, packages }: DescribedFunction): string {
  const application = new Models.Component(Enums.ComponentType.Application, name, {
    bomRef: name,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256]]),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense('MIT')]),
  });
  const components = packages.map(componentOf);
  for (const { bomRef } of components) application.dependencies.add(bomRef);
  const bom = new Models.Bom({
    components: new Models.ComponentRepository(components),
    metadata: new Models.Metadata({ component: application }),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(spec));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ name, version, license }: BundledPackage): Models.Component {
  const [scope, rest] = name.startsWith('@') ? name.split('/') : [undefined, name];
  // https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md
  const purl = `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${rest}@${version}`;
  return new Models.Component(Enums.ComponentType.Library, rest ?? name, {
    ...(scope !== undefined && { group: scope }),
    bomRef: purl,
    purl,
    version,
    ...(license !== undefined && {
      licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]),
    }),
  });
}
