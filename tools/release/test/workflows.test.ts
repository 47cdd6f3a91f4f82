import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly 'runs-on'?: string;
  readonly uses?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = resolve(__dirname, '../../..');
const folder = join(root, '.github/workflows');
const files = readdirSync(folder);
const text = (file: string) => readFileSync(join(folder, file), 'utf8');
const workflow = (file: string) => parse(text(file)) as Workflow;
const expression = (what: string) => `\${{ ${what} }}`;
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => [`${file} ${name}`, job] as const),
);
const steps = jobs.flatMap(([, job]) => job.steps ?? []);

it('the workflows are checks, deploys and nightly runs', () => {
  expect(files.sort()).toEqual(['checks.yml', 'deploy-stage.yml', 'deploy.yml', 'nightly.yml']);
});

describe.each(files)('%s', (file) => {
  it('pins every action of others by commit, and names its version', () => {
    const used = [...text(file).matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
    const others = used.filter((action) => !action.startsWith('./.github/workflows/'));

    expect(others.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
      [],
    );
  });

  it('calls only workflows that exist', () => {
    const called = [...text(file).matchAll(/uses: \.\/\.github\/workflows\/(.*)/g)].map(
      ([, name = '']) => name,
    );

    expect(called.filter((name) => !files.includes(name))).toEqual([]);
  });

  it('may only read by default', () => {
    expect(workflow(file).permissions).toEqual({ contents: 'read' });
  });

  it('knows no AWS key', () => {
    expect(text(file)).not.toMatch(/access[-_]key|AKIA|session[-_]token/i);
  });
});

it('no command contains a title or the name of a branch', () => {
  expect(steps.filter(({ run = '' }) => /\$\{\{/.test(run))).toEqual([]);
});

it('the workflows use one version of each action', () => {
  const used = new Set(steps.flatMap(({ uses }) => uses ?? []));
  const actions = [...used].map((action) => action.split('@')[0]);

  expect(actions).toHaveLength(4);
  expect(new Set(actions).size).toBe(actions.length);
});

it('the workflows run only npm scripts and commands that exist', () => {
  const commands = steps.flatMap(({ run = '' }) => [...run.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)]);
  const binaries = steps.flatMap(({ run = '' }) => [...run.matchAll(/\bnpx (\S+)/g)]);

  expect(commands.map(([, script]) => script).filter((script = '') => !(script in scripts))).toEqual([]);
  expect([...new Set(binaries.map(([, name]) => name))]).toEqual(['sls']);
  expect(readdirSync(join(root, 'node_modules/.bin'))).toContain('sls');
});

it('every job has a time limit', () => {
  const endless = jobs.filter(([, job]) => job.steps && job['timeout-minutes'] === undefined);

  expect(endless.map(([name]) => name)).toEqual([]);
});

describe('checks', () => {
  const { on, jobs: checks } = workflow('checks.yml');

  it('run on every push and pull request', () => {
    expect(Object.keys(on)).toEqual(expect.arrayContaining(['push', 'pull_request', 'workflow_call']));
    // What this one leaves out, the other checks before it deploys.
    expect(on.push).toEqual({ 'branches-ignore': ['main'] });
    expect(workflow('deploy.yml').jobs.checks?.uses).toBe('./.github/workflows/checks.yml');
  });

  it("are the README's command, with what the README asks for", () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const commands = checks.test?.steps?.flatMap(({ run }) => run ?? []) ?? [];

    expect(readme).toContain(commands.join(' && '));
    expect(commands).toEqual(['npm ci', 'npm test']);
    expect(JSON.stringify(checks.test)).not.toMatch(/java/i);
    expect(checks.test?.strategy?.matrix.node).toEqual(['20', '22', '24']);
  });

  it('are run on Windows as far as people run them while they work, with a start of the platform', () => {
    const { 'runs-on': system, steps: all = [] } = checks.windows ?? {};

    expect(system).toBe('windows-latest');
    expect(all.flatMap(({ run }) => run ?? [])).toEqual([
      'npm ci',
      'npm run check',
      'npm run demo -- --limit 50',
    ]);
  });

  it('run the end-to-end tests with tokens, too', () => {
    const commands = checks.tokens?.steps?.flatMap(({ run }) => run ?? []);

    expect(commands).toEqual(['npm ci', 'npm run test:e2e -- --auth']);
  });
});

describe('nightly runs', () => {
  const { on, jobs: nightly } = workflow('nightly.yml');

  it('simulate other seeds each day, and keep what fails', () => {
    const all = nightly.simulate?.steps ?? [];
    const [kept] = all.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));

    expect(Object.keys(on)).toEqual(['schedule', 'workflow_dispatch']);
    expect(all.flatMap(({ run }) => run ?? []).join()).toMatch(
      /simulate -- --total \d+ --seed \$\(\( \$\(date/,
    );
    expect(kept?.with).toMatchObject({ path: '.orderly/simulation', 'include-hidden-files': true });
  });
});

describe('deploys', () => {
  const { concurrency, jobs: deploy } = workflow('deploy-stage.yml');
  const job = deploy.deploy;

  it('follow the checks', () => {
    const { checks, ...stages } = workflow('deploy.yml').jobs;

    expect(checks).toBeDefined();
    expect(Object.keys(stages)).toEqual(['dev', 'prod']);
    expect(Object.values(stages).map(({ needs }) => needs)).toEqual(['checks', 'checks']);
  });

  it("take the role of the stage's environment with a token, and may do nothing else", () => {
    const credentials = job?.steps?.find(({ uses }) => uses?.startsWith('aws-actions/'));

    expect(job?.environment).toBe(expression('inputs.stage'));
    expect(job?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(Object.keys(credentials?.with ?? {})).toEqual(['role-to-assume', 'aws-region']);
  });

  it('wait for one another, stage by stage', () => {
    expect(concurrency).toEqual({
      group: `deploy-${expression('inputs.stage')}`,
      'cancel-in-progress': false,
    });
  });

  it('give every setting of a stage that comes from the environment', () => {
    const stages = readFileSync(join(root, 'shared/serverless/stages.yml'), 'utf8');
    const settings = [...stages.matchAll(/env:(ORDERLY_\w+)/g)].map(([, name]) => name);

    expect(settings).toContain('ORDERLY_KMS_KEY');
    expect(settings.filter((name) => !text('deploy-stage.yml').includes(`${name}: `))).toEqual([]);
  });

  it('stop at the first service that fails, and at a plan that fails', () => {
    const [script] = job?.steps?.flatMap(({ run = '' }) => (run.includes('sls deploy') ? [run] : [])) ?? [];

    // A substitution within `for` or `export` would hide that it failed.
    expect(script).toContain('services=$(npm run');
    expect(script).not.toMatch(/(for .* in|export) .*\$\(/);
    expect(script).not.toContain('||');
  });
});

describe('the role that they take', () => {
  interface Statement {
    readonly Action: string | readonly string[];
    readonly Condition?: object;
    readonly Resource: unknown;
  }
  const template = parse(readFileSync(join(root, 'tools/release/deploy-role.yml'), 'utf8'), {
    logLevel: 'silent',
  });
  const { AssumeRolePolicyDocument } = template.Resources.DeployRole.Properties;

  it("is for jobs of the repository's environment only", () => {
    const [trust] = AssumeRolePolicyDocument.Statement as readonly [Statement];

    expect(trust.Condition).toEqual({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': expect.stringMatching(
          /^repo:\$\{Repository}:environment:\$\{Stage}$/,
        ),
      },
    });
  });

  it('uses the key of the stage, where it has one, only by way of services that do it for who deploys', () => {
    const { Condition, Properties } = template.Resources.DeployKeyPolicy;
    const [use, ...others] = Properties.PolicyDocument.Statement as readonly [Statement];

    expect(Condition).toBe('HasKmsKey');
    expect(others).toEqual([]);
    expect(use.Resource).toBe('KmsKey');
    expect(use.Condition).toEqual({
      StringEquals: {
        'kms:ViaService': ['dynamodb', 'lambda', 's3'].map((name) =>
          expect.stringMatching(new RegExp(`^${name}\\.\\$\\{AWS::Region}\\.amazonaws\\.com$`)),
        ),
      },
    });
  });
});
