import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { installed } from '../../src/install.ts';
import { type ServicePlan, servicePlans } from '../../src/service-plan.ts';
import { run } from './run.ts';

const nowhere = 'http://127.0.0.1:1';
const environment = {
  PATH: process.env.PATH,
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  ...{ KEY_VAULT_NAME: 'none', SERVICE_BUS_ENDPOINT: nowhere },
  ...{ GOOGLE_CLOUD_PROJECT: 'none', PUBSUB_ENDPOINT: nowhere, CLOUD_TASKS_ENDPOINT: nowhere },
  ...{ TASKS_PARENT: 'none', TASKS_TARGET_URL: nowhere, TASKS_SERVICE_ACCOUNT: 'none' },
  ...{ SERVICE_ACCOUNT: 'none', TOKEN_AUDIENCE: 'none' },
};

let folder: string;
let plans: readonly ServicePlan[];

const path = (...parts: readonly string[]): string => join(folder, 'dist', ...parts);
const namesOf = ({ functions }: ServicePlan) => functions.map(({ name }) => name).sort();

/** Runs a script of this folder as the platform would run a bundle: with its library, in the environment of the service. */
async function load(plan: ServicePlan, script: string, ...args: readonly string[]): Promise<unknown> {
  const env = { ...environment, ...plan.environment };
  const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, script), ...args], { env });
  return JSON.parse(stdout.split('\n').at(-1) ?? '');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderly-packages-'));
  plans = await servicePlans();
  for (const cloud of ['azure', 'google'] as const) {
    expect(await run(folder, '--cloud', cloud)).toMatchObject({ code: 0, err: '' });
    await installed(cloud);
    // In place of the same packages in every folder.
    symlinkSync(resolve(__dirname, '../..', cloud, 'node_modules'), path(cloud, 'node_modules'), 'dir');
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Packages for Azure', () => {
  it('are one function app for each service, with what a publication needs', () => {
    for (const { name } of plans) {
      const files = [
        ...['.funcignore', 'host.json', 'index.cjs', 'local.settings.json'],
        ...['package-lock.json', 'package.json'],
      ];
      expect(readdirSync(path('azure', name)).sort()).toEqual(files);
    }
  });

  it("register every function once with Azure's library, with its trigger", async () => {
    for (const plan of plans) {
      const registered = await load(plan, 'registered-azure.cjs', path('azure', plan.name, 'index.cjs'));
      const expected = plan.functions.filter(({ trigger }) => trigger.kind !== 'schedule' || trigger.enabled);
      const kinds = { route: 'http', fallback: 'http', subscription: 'serviceBus', tasks: 'serviceBus' };
      expect(
        (registered as { name: string; trigger: { type: string } }[]).map(({ name, trigger }) => [
          name,
          trigger.type,
        ]),
      ).toEqual(
        expected.map(({ name, trigger: { kind } }) => [
          name,
          `${kinds[kind as keyof typeof kinds] ?? 'timer'}Trigger`,
        ]),
      );
    }
  });

  it('pin the library that Azure loads them with', () => {
    const { dependencies } = JSON.parse(readFileSync(path('azure/orders/package.json'), 'utf8'));
    const set = JSON.parse(readFileSync(resolve(__dirname, '../../azure/package.json'), 'utf8'));
    expect(dependencies).toEqual({ '@azure/functions': set.dependencies['@azure/functions'] });
  });

  it('take an aggregate as a session, one message after the other, and leave retries to the broker', () => {
    const host = JSON.parse(readFileSync(path('azure/orders/host.json'), 'utf8'));
    expect(host).toMatchObject({
      extensions: { http: { routePrefix: '' }, serviceBus: { autoCompleteMessages: true } },
    });
    expect(host.extensions.serviceBus).not.toHaveProperty('maxConcurrentCallsPerSession');
    expect(host).not.toHaveProperty('retry');
  });
});

describe('Packages for Google', () => {
  it('are one source folder for each function of each service', () => {
    for (const plan of plans) {
      expect(readdirSync(path('google', plan.name)).sort()).toEqual(namesOf(plan));
      for (const name of namesOf(plan)) {
        const files = ['.gcloudignore', 'index.js', 'package-lock.json', 'package.json'];
        expect(readdirSync(path('google', plan.name, name)).sort()).toEqual(files);
      }
    }
  });

  it("register their function with Google's framework, and what publishes its events", async () => {
    for (const plan of plans) {
      const names = namesOf(plan).filter((name) => name !== 'publish-events');
      const bundles = ['publish-events', ...names].map((name) => path('google', plan.name, name, 'index.js'));
      const added = await load(plan, 'registered-google.cjs', namesOf(plan).join(' '), ...bundles);
      const expected = ['publish-events', ...names].map((name, at) => [bundles[at], [name]]);
      expect(added).toEqual(Object.fromEntries(expected));
    }
  });

  it('hold at most 250 kB each, but the one that sends mail', () => {
    for (const plan of plans) {
      for (const name of namesOf(plan)) {
        const sendsMail = plan.name === 'notifications' && name === 'consume-order-events';
        const bytes = readFileSync(path('google', plan.name, name, 'index.js')).length;
        expect({ name, isSmall: bytes <= (sendsMail ? 1_000_000 : 250_000) }).toEqual({
          name,
          isSmall: true,
        });
      }
    }
  });
});

describe('Packages for both', () => {
  const bundles = () =>
    plans.flatMap((plan) => [
      { name: plan.name, path: path('azure', plan.name, 'index.cjs') },
      ...namesOf(plan).map((name) => ({
        name: `${plan.name}/${name}`,
        path: path('google', plan.name, name, 'index.js'),
      })),
    ]);

  it("hold no code of AWS's, but the mail channel of notifications", () => {
    const ofAws = /amazonaws\.com|@smithy|@aws-sdk|AWS_REGION/;
    const found = bundles().filter((bundle) => ofAws.test(readFileSync(bundle.path, 'utf8')));
    expect(found.map(({ name }) => name)).toEqual(['notifications', 'notifications/consume-order-events']);
  });

  it('hold no path of the machine that made them', () => {
    const found = bundles().filter((bundle) => readFileSync(bundle.path, 'utf8').includes(process.cwd()));
    expect(found).toEqual([]);
  });

  it('are the same bytes when they are made again', async () => {
    const before = bundles().map((bundle) => readFileSync(bundle.path, 'utf8'));
    await run(folder, '--cloud', 'azure', '--service', 'orders');
    await run(folder, '--cloud', 'google', '--service', 'orders');
    expect(bundles().map((bundle) => readFileSync(bundle.path, 'utf8'))).toEqual(before);
  });
});
