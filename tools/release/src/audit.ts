import { parse } from '@orderly/contracts';
import * as v from 'valibot';
import type { BundledPackage } from './bundle.ts';

const severities = ['info', 'low', 'moderate', 'high', 'critical'] as const;
type Severity = (typeof severities)[number];

/** What is read of the report of `npm audit --json` (version 2). */
const reportSchema = v.object({
  vulnerabilities: v.record(
    v.string(),
    v.object({
      nodes: v.array(v.string()),
      via: v.array(
        // The name of a package through which this one is affected, or an advisory about itself.
        v.union([
          v.string(),
          v.object({ title: v.string(), url: v.string(), severity: v.picklist(severities) }),
        ]),
      ),
    }),
  ),
});

export interface Finding {
  readonly name: string;
  readonly version: string;
  readonly severity: Severity;
  readonly title: string;
  readonly url: string;
}

/**
 * The advisories about packages that are shipped. What only tools have is left out, and so is a package that is
 * affected through one which is not shipped.
 *
 * @param shipped by path, as `npm audit` names its nodes
 * @returns undefined when npm could not ask the registry: then this is no report
 */
export function findingsOf(
  report: unknown,
  shipped: ReadonlyMap<string, BundledPackage>,
): readonly Finding[] | undefined {
  const read = parse(reportSchema, report);
  if (read.outcome === 'invalid') return undefined;
  return Object.values(read.value.vulnerabilities).flatMap(({ nodes, via }) => {
    const advisories = via.filter((cause) => typeof cause !== 'string');
    return nodes
      .flatMap((path) => shipped.get(path) ?? [])
      .flatMap(({ name, version }) => advisories.map((advisory) => ({ name, version, ...advisory })));
  });
}

export const isSerious = ({ severity }: Finding): boolean =>
  severities.indexOf(severity) >= severities.indexOf('high');
