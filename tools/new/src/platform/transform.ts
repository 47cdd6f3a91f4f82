import { UsageFailure } from '../failure.ts';
import { usesName } from './name.ts';
import { renamer } from './rename.ts';
import type { PlatformFile, Source } from './sources.ts';

/** This platform's own name, which package.json has as well. */
export const ownName = 'orderly';

/** Tests of data that only this repository's makers have beside it. */
const leftOut = new Set(['tools/demo/test/real-data.test.ts', 'tests/e2e/real-data.local.e2e.ts']);

/** The licence asks for its notice as it is. */
const untouched = new Set(['LICENSE']);

const changelog = 'shared/contracts/CHANGELOG.md';

/**
 * The files of a new platform: those of this one under another name, without its data and its past. Released contracts start
 * again at revision 1 with their newest one, since nobody reads the new platform's events yet.
 *
 * @throws UsageFailure that names a file when the name is in use in code or configuration
 */
export function platformFiles(sources: readonly Source[], name: string): readonly PlatformFile[] {
  const rename = renamer(ownName, name);
  const kept = newestReleases(sources.filter(({ path }) => !leftOut.has(path)));
  checkUnused(kept, name);
  return kept.map((source) => {
    if (untouched.has(source.path)) return source;
    const path = rename(source.path);
    if (isBinary(source)) return { ...source, path };
    const text = rename(ofPlatform(source.path, source.content.toString('utf8')));
    return { ...source, path, content: Buffer.from(ordered(path, text)) };
  });
}

const isBinary = ({ content }: Source): boolean => content.subarray(0, 8_000).includes(0);

const isProse = (path: string): boolean => path.endsWith('.md');

function checkUnused(sources: readonly Source[], name: string): void {
  const code = sources.filter((source) => !isProse(source.path) && !isBinary(source));
  const file = code.find(({ path, content }) => usesName(`${path}\n${content}`, name));
  if (file === undefined) return;
  throw new UsageFailure(
    `The name ${name} has a meaning already, in ${file.path}: choose one that nothing else has`,
  );
}

/** Without the passages of a document that are of this repository only. */
const withoutUpstream = (text: string): string =>
  text.replaceAll(/<!-- upstream -->(\n*)[\s\S]*?<!-- \/upstream -->\1/g, '');

function ofPlatform(path: string, text: string): string {
  if (path === changelog) return firstVersion(text);
  return isProse(path) ? withoutUpstream(text) : text;
}

/** The changelog with its newest version only, of which there is nothing to say. */
function firstVersion(text: string): string {
  const [, title = '', version = ''] = /^(# .*)\n\n## (\S+)/.exec(text) ?? [];
  return `${title}\n\n## ${version}\n\nThe version that this platform begins with.\n`;
}

/** `shared/contracts/released/<topic>/<type>/<revision>/<file>` */
const released = /^(shared\/contracts\/released\/[^/]+\/[^/]+\/)(\d+)(\/.+)$/;

function newestReleases(sources: readonly Source[]): readonly Source[] {
  const newest = new Map<string, number>();
  for (const { path } of sources) {
    const [, type = '', revision] = released.exec(path) ?? [];
    newest.set(type, Math.max(newest.get(type) ?? 0, Number(revision)));
  }
  return sources.flatMap((source) => {
    const [, type, revision, file = ''] = released.exec(source.path) ?? [];
    if (type === undefined) return [source];
    return Number(revision) === newest.get(type) ? [{ ...source, path: `${type}1${file}` }] : [];
  });
}

type Json = Readonly<Record<string, unknown>>;

/** npm's order of names, so that the next `npm install` changes no more than it must. */
function ordered(path: string, text: string): string {
  if (!/(^|\/)package(-lock)?\.json$/.test(path)) return text;
  const json = JSON.parse(text) as Json;
  const packages = json.packages as Readonly<Record<string, Json>> | undefined;
  const sorted = {
    ...withSortedDependencies(json),
    ...(packages && {
      packages: byName(
        Object.fromEntries(
          Object.entries(packages).map(([key, value]) => [key, withSortedDependencies(value)]),
        ),
      ),
    }),
  };
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

const withSortedDependencies = (json: Json): Json =>
  Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      /^(dev|peer|optional)?dependencies$/i.test(key) ? byName(value as Json) : value,
    ]),
  );

const byName = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => one.localeCompare(other, 'en')));
