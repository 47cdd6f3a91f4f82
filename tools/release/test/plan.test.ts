import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planRelease } from '../src/plan.ts';
import { standIn } from './stack-stand-in.ts';

/** A monorepo of two services, with a history of its own. */
class Repository {
  readonly root = mkdtempSync(join(tmpdir(), 'orderly-release-'));

  constructor() {
    this.#git('init', '--quiet');
    const shared = (name: string, ...of: readonly string[]) =>
      JSON.stringify({ name, dependencies: Object.fromEntries(of.map((one) => [one, '*'])) });
    this.write('package.json', JSON.stringify({ workspaces: ['shared/*', 'shop', 'post'] }));
    this.write('serverless-compose.yml', 'services:\n  shop: { path: ./shop }\n  post: { path: post }\n');
    this.write('shop/package.json', shared('@a/shop', '@a/prices', 'left-pad'));
    this.write('post/package.json', shared('@a/post'));
    this.write('shared/prices/package.json', shared('@a/prices', '@a/money'));
    this.write('shared/money/package.json', shared('@a/money', '@a/prices'));
    this.write('shared/money/src/euro and cent.ts', 'export {};');
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.root, dirname(file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  rename(from: string, to: string): void {
    renameSync(join(this.root, from), join(this.root, to));
  }

  commit(): string {
    this.#git('add', '--all');
    this.#git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'x');
    return this.#git('rev-parse', 'HEAD');
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  #git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.root, encoding: 'utf8' }).trim();
  }
}

let repository: Repository;
let released: string;
let stop: () => void = () => undefined;
beforeEach(() => {
  repository = new Repository();
  released = repository.commit();
});
afterEach(() => {
  repository.remove();
  stop();
});

/** The services that are deployed to prod, where these are the stacks. */
async function deployed(stacks: Parameters<typeof standIn>[0]): Promise<readonly string[]> {
  const aws = await standIn(stacks);
  stop = aws.stop;
  const plan = await planRelease(repository.root, 'prod', aws.cloudformation);
  return plan.filter(({ deploy }) => deploy).map(({ service }) => service);
}

const both = (commit: string) => ({ 'orderly-shop-prod': { commit }, 'orderly-post-prod': { commit } });

it('deploys nothing where nothing has changed', async () => {
  expect(await deployed(both(released))).toEqual([]);
});

it('deploys the services that depend on a change, and no others', async () => {
  repository.write('shared/money/src/euro and cent.ts', 'export const cent = 1;');
  repository.commit();

  expect(await deployed(both(released))).toEqual(['shop']);
});

it('notices a removed file', async () => {
  repository.rename('shared/money/src/euro and cent.ts', 'post/euro.ts');
  repository.commit();

  expect(await deployed(both(released))).toEqual(['shop', 'post']);
});

it('compares each service with its own last release', async () => {
  repository.write('post/letter.ts', 'export {};');
  const second = repository.commit();
  repository.write('post/README.md', 'Letters');
  repository.commit();

  expect(await deployed({ ...both(released), 'orderly-post-prod': { commit: second } })).toEqual([]);
  stop();
  expect(await deployed(both(released))).toEqual(['post']);
});

it('plans a step back to an older commit like one forward', async () => {
  repository.write('shop/order.ts', 'export {};');
  const newer = repository.commit();
  execFileSync('git', ['checkout', '--quiet', released], { cwd: repository.root });

  expect(await deployed(both(newer))).toEqual(['shop']);
});

it.each([
  ['has no stack', undefined],
  ['was deployed by hand', { commit: 'unknown' }],
  ['does not say of which commit it is', {}],
  ['is of a commit that is gone', { commit: 'a'.repeat(40) }],
  ['says nonsense', { commit: '--output=/tmp/x' }],
])('deploys a service that %s', async (_, stack) => {
  const stacks = both(released);
  const others = { 'orderly-post-prod': stacks['orderly-post-prod'] };

  expect(await deployed(stack ? { ...others, 'orderly-shop-prod': stack } : others)).toEqual(['shop']);
});

it('fails without access, rather than deploy everything', async () => {
  await expect(deployed({ ...both(released), 'orderly-post-prod': 'refused' })).rejects.toThrow(
    /not authorized to perform: cloudformation:DescribeStacks/,
  );
});

it('names the file and the commit', async () => {
  repository.write('shop/order.ts', 'export {};');
  repository.write('shop/price.ts', 'export {};');
  repository.commit();
  const aws = await standIn(both(released));
  stop = aws.stop;

  expect(await planRelease(repository.root, 'prod', aws.cloudformation)).toEqual([
    { service: 'shop', deploy: true, because: `shop/order.ts and 1 more changed since ${released}` },
    { service: 'post', deploy: false, because: `unchanged since ${released}` },
  ]);
});

it('refuses a service that is no workspace', async () => {
  repository.write('serverless-compose.yml', 'services:\n  bank: { path: bank }\n');

  await expect(deployed({})).rejects.toThrow(
    'The service bank is in bank, which is no workspace of package.json',
  );
});
