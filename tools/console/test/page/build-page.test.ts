import { gzipSync } from 'node:zlib';
import { buildPage, type PageFile } from '../../src/build-page.ts';

const FIRST_LOAD_BYTES = 150 * 1024;

const gzipped = (file: PageFile | undefined): number => gzipSync(file?.body ?? '').length;

describe('The bundled page', () => {
  const built = buildPage();

  /** What the browser loads with this file: what it imports at once, not what it imports on demand. */
  const withImports = (files: ReadonlyMap<string, PageFile>, path: string, seen = new Set<string>()) => {
    if (seen.has(path)) return seen;
    seen.add(path);
    const source = files.get(path)?.body.toString() ?? '';
    for (const [, name] of source.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) {
      withImports(files, `/assets/${name}`, seen);
    }
    return seen;
  };

  it('loads less than 150 kB gzipped, all views without Swagger UI included', async () => {
    const files = await built;
    const ours = [...files].filter(([path]) => !path.includes('swagger'));
    expect(ours.reduce((sum, [, file]) => sum + gzipped(file), 0)).toBeLessThan(FIRST_LOAD_BYTES);
  });

  it('loads views on demand', async () => {
    const files = await built;
    const main = [...files.keys()].find((path) => /\/main-.*\.js$/.test(path)) ?? '';
    const first = withImports(files, main);
    const scripts = [...files.keys()].filter((path) => path.endsWith('.js'));
    expect(first.size).toBeLessThan(scripts.length / 2);
    expect([...first].some((path) => path.includes('swagger') || path.includes('uPlot'))).toBe(false);
  });

  it('has no inline script or style, and nothing from outside', async () => {
    const files = await built;
    const html = files.get('/')?.body.toString() ?? '';
    expect(html).toContain('<meta name="orderly-token" content="__TOKEN__">');
    expect(html).not.toMatch(/<style|style=|onload=|https?:/);
    expect(html.match(/<script(?! type="module" src="\/assets\/main-)/)).toBeNull();
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect(files.has(path ?? '')).toBe(true);
  });

  it('lets browsers keep all but the page itself', async () => {
    const files = await built;
    const kept = [...files].filter(([, file]) => file.immutable).map(([path]) => path);
    expect(kept).toEqual([...files.keys()].filter((path) => path !== '/'));
    expect(kept.every((path) => /^\/assets\/[\w.-]+-[\w]{8}\.(js|css)$/.test(path))).toBe(true);
  });

  it('names a type for each file', async () => {
    const types = new Set([...(await built).values()].map(({ type }) => type));
    expect(types).toEqual(
      new Set(['text/html; charset=utf-8', 'text/css; charset=utf-8', 'text/javascript; charset=utf-8']),
    );
  });
});
