import { findingsOf, isSerious } from '../src/audit.ts';

const shipped = new Map([
  ['node_modules/ours', { path: 'node_modules/ours', name: 'ours', version: '1.0.0', license: 'MIT' }],
]);
const advisory = (severity: string) => ({
  source: 1,
  name: 'ours',
  title: 'Prototype pollution',
  url: 'https://github.com/advisories/GHSA-1',
  severity,
});
/** As `npm audit --json` of npm 10 reports. */
const report = (name: string, via: readonly unknown[]) => ({
  auditReportVersion: 2,
  vulnerabilities: { [name]: { name, severity: 'high', via, nodes: [`node_modules/${name}`] } },
});

it.each([
  ['high', true],
  ['critical', true],
  ['moderate', false],
])('an advisory of severity %s about a shipped package is found; serious: %s', (severity, serious) => {
  const findings = findingsOf(report('ours', [advisory(severity)]), shipped);

  expect(findings).toMatchObject([{ name: 'ours', version: '1.0.0', severity }]);
  expect(findings?.some(isSerious)).toBe(serious);
});

it.each([
  ['of a tool', report('tool', [advisory('critical')])],
  ['of a package that a shipped one asks for and that is not in the bundle', report('ours', ['tool'])],
])('one %s is left out', (_what, given) => {
  expect(findingsOf(given, shipped)).toEqual([]);
});

it('an answer of the registry that is no report is not taken for a clean one', () => {
  expect(findingsOf({ message: '405 Method Not Allowed', statusCode: 405 }, shipped)).toBeUndefined();
});
