import { type FrameworkCommand, type FrameworkResult, runFramework } from '@orderly/local/framework';
import { packageServices, type Template } from '@orderly/local/packages';
import { folderOf } from '@orderly/local/services';
import { at, mappingsOf, ofType } from './rules/rule.ts';
import { runPart } from './run-part.ts';

// What the parameters of a stage change or refuse, in services as they are.

const inRegion = (region: string, key = 'key/1234abcd-12ab-34cd-56ef-1234567890ab'): string =>
  `arn:aws:kms:${region}:111122223333:${key}`;
const multiRegion = inRegion('eu-central-1', 'key/mrk-1234abcd12ab34cd56ef1234567890ab');
const onCall = 'arn:aws:sns:eu-central-1:123456789012:on-call';

const {
  AWS_REGION,
  ORDERLY_ALARM_TOPIC,
  ORDERLY_CHANNEL,
  ORDERLY_JWT_AUDIENCE,
  ORDERLY_JWT_ISSUER,
  ORDERLY_SMTP_URL,
  ...unset
} = process.env;
const issuer = { ORDERLY_JWT_ISSUER: 'https://id.example.com', ORDERLY_JWT_AUDIENCE: 'orderly' };

const printed = ['print', '--format', 'json'];
const ofDev = [...printed, '--stage', 'dev'];
const password = 'correct-horse-battery-staple';
const ofProd = ['package', '--stage', 'prod'];

/** In which service, and what the environment sets beside the parameters of the command. */
const commands = {
  alarmsByMail: ['orders', [...ofDev, '--param', 'alarms=on', '--param', 'alarmTopic=ops@example.com']],
  withKey: ['notifications', [...printed, '--param', `kmsKey=${multiRegion}`]],
  withoutIssuer: ['notifications', ofProd],
  printedWithoutIssuer: ['notifications', [...printed, '--stage', 'prod']],
  withPassword: [
    'notifications',
    ofDev,
    { ORDERLY_CHANNEL: 'smtp', ORDERLY_SMTP_URL: `smtp://user:${password}@mail.example.com` },
  ],
  withoutAlarmTopic: ['orders', ofProd, issuer],
  withLogChannel: ['notifications', ofProd, { ...issuer, ORDERLY_ALARM_TOPIC: 'ops@example.com' }],
} as const satisfies Record<string, readonly [service: string, argv: readonly string[], env?: object]>;

type Name = keyof typeof commands;
let results: Readonly<Partial<Record<Name, FrameworkResult>>> = {};

beforeAll(async () => {
  const done = await runFramework(
    Object.values(commands).map(
      ([service, argv, env]): FrameworkCommand => ({
        cwd: folderOf(service),
        argv,
        env: { ...unset, ...env },
      }),
    ),
  );
  results = Object.fromEntries(Object.keys(commands).map((name, index) => [name, done[index]]));
});

/** The configuration that a command prints. */
const printedBy = (name: Name) => JSON.parse(results[name]?.stdout ?? '');

/** What a command prints that must fail. */
function refusalBy(name: Name): string {
  const { code, stdout, stderr } = results[name] ?? { code: 0 };
  expect(code).toBe(1);
  return `${stdout}${stderr}`;
}

/** The part of serverless.yml that makes alarms, in a service with one. */
const alarmsWith = (parameters: Readonly<Record<string, string>>) => {
  const { resources }: { resources(variables: object): Promise<Template> } = require('../plugin/alarms.cjs');
  const fragment = { alarms: { Stuck: {} }, functionAlarms: {} };
  return resources({
    resolveVariable: async (name: string) =>
      name.startsWith('file(') ? fragment : (parameters[name.replace('param:', '')] ?? ''),
    resolveConfigurationProperty: async () => ({}),
  });
};
const actionsIn = (template: Template) =>
  ofType(template, 'AWS::CloudWatch::Alarm').map(([, { AlarmActions, OKActions }]) => [
    AlarmActions,
    OKActions,
  ]);

describe('alarmTopic', () => {
  it('as an e-mail address makes an encrypted topic that CloudWatch may use', () => {
    const { resources } = printedBy('alarmsByMail');
    const own = [{ Ref: 'AlarmTopic' }];

    expect(actionsIn(resources)).toEqual(Array.from({ length: 11 }, () => [own, own]));
    expect(resources.Resources).toMatchObject({
      AlarmTopic: {
        Properties: { TopicName: 'dev-orders-alarms', KmsMasterKeyId: { Ref: 'AlarmTopicKey' } },
      },
      AlarmTopicSubscription: { Properties: { Protocol: 'email', Endpoint: 'ops@example.com' } },
      AlarmTopicPolicy: { Properties: { PolicyDocument: { Statement: [{ Action: 'sns:Publish' }, {}] } } },
      AlarmTopicKey: { Properties: { EnableKeyRotation: true } },
    });
  });

  it('as an ARN is used as it is', async () => {
    const template = await alarmsWith({ alarms: 'on', alarmTopic: onCall });

    expect(actionsIn(template)).toEqual([[[onCall], [onCall]]]);
    expect(Object.keys(template.Resources).filter((id) => id.startsWith('AlarmTopic'))).toEqual([]);
  });

  it('as anything else is refused with what is right', async () => {
    await expect(alarmsWith({ alarms: 'on', alarmTopic: 'on-call' })).rejects.toThrow(
      'The parameter alarmTopic is an e-mail address, the ARN of an SNS topic or empty',
    );
  });

  it('is needed for prod, and the message says what to set and where', () => {
    const said = refusalBy('withoutAlarmTopic');

    for (const named of ['alarmTopic', 'shared/serverless/stages.yml', 'ORDERLY_ALARM_TOPIC']) {
      expect(said).toContain(named);
    }
  });
});

it('alarms is off by default, and then no stage pays for alarms, dashboards or counting', async () => {
  for (const { template } of await packageServices(['dev'])) {
    const paid = Object.values(template.Resources).filter(({ Type }) => /CloudWatch|SNS/.test(Type));
    expect(paid).toEqual([]);
    for (const [, { State }] of ofType(template, 'AWS::Events::Rule')) expect(State).toBe('DISABLED');
  }
});

it('alarms is on or off', async () => {
  await expect(alarmsWith({ alarms: 'yes' })).rejects.toThrow('The parameter alarms is on or off, not "yes"');
});

it('channel is not log for prod, and the message says what to set', () => {
  const said = refusalBy('withLogChannel');

  for (const named of ['channel', 'ses or smtp', 'ORDERLY_CHANNEL']) expect(said).toContain(named);
});

describe('kmsKey', () => {
  const refusal =
    /The parameter kmsKey is the ARN of a KMS key in eu-central-1, such as \S+, or empty, not "/;

  it.each([
    ['the name of a key', '1234abcd-12ab-34cd-56ef-1234567890ab'],
    ['an alias, which IAM does not know', inRegion('eu-central-1', 'alias/orderly')],
    ['a key of another region', inRegion('us-east-1')],
    ['the ARN of something else', 'arn:aws:sns:eu-central-1:111122223333:alarms'],
    ['two keys', `${inRegion('eu-central-1')} ${multiRegion}`],
  ])('cannot be %s', (_what, kmsKey) => {
    expect(() => runPart('encryption', { kmsKey })).toThrow(refusal);
  });

  it('encrypts what a deploy uploads, because the template contains the environment', () => {
    expect(printedBy('withKey').provider.deploymentBucketObject).toMatchObject({
      serverSideEncryption: 'aws:kms',
      sseKMSKeyId: multiRegion,
    });
  });

  it('is set in the packages of prod that tests examine, and not in those of dev', async () => {
    for (const { stage, kmsKey } of await packageServices(['dev', 'prod'])) {
      expect(kmsKey).toMatch(stage === 'prod' ? /^arn:aws:kms:/ : /^$/);
    }
  });
});

describe('jwtIssuer and jwtAudience', () => {
  it('are needed for prod, and the message says what to set and where', () => {
    const said = refusalBy('withoutIssuer');

    for (const named of ['jwtIssuer', 'jwtAudience', 'shared/serverless/stages.yml', 'ORDERLY_JWT_ISSUER']) {
      expect(said).toContain(named);
    }
  });

  it('are not needed to print the configuration of prod, nor to remove it', () => {
    expect(printedBy('printedWithoutIssuer').provider.httpApi).toEqual({});
  });

  const { httpApi }: { httpApi(variables: object): Promise<object> } = require('../plugin/authorization.cjs');

  it.each([
    ['an issuer that is no https:// URL', 'jwtIssuer is an https:// URL', 'http://id.example.com', ''],
    ['an audience without an issuer', 'jwtIssuer is an https:// URL', '', 'orderly'],
    ['an issuer without an audience', 'jwtAudience is missing', 'https://id.example.com', ''],
  ])('cannot be %s', async (_what, message, jwtIssuer, jwtAudience) => {
    const parameters = new Map([
      ['param:jwtIssuer', jwtIssuer],
      ['param:jwtAudience', jwtAudience],
    ]);
    const resolveVariable = async (name: string) => parameters.get(name);

    await expect(httpApi({ resolveVariable })).rejects.toThrow(message);
  });
});

it('no secret of the shell that deploys gets into the template', () => {
  const { stdout = '' } = results.withPassword ?? {};

  expect(stdout).toContain('/orderly/dev/smtp-url');
  expect(stdout).not.toContain(password);
});

it('mails go out a few at a time', async () => {
  const atOnce = (await packageServices(['dev', 'prod'], ['notifications'])).flatMap(({ template }) =>
    mappingsOf(template)
      .filter(([, { ScalingConfig }]) => ScalingConfig !== undefined)
      .map(
        ([, mapping]) =>
          Number(at(mapping, 'ScalingConfig', 'MaximumConcurrency')) * Number(mapping.BatchSize),
      ),
  );

  expect(atOnce).toEqual([10, 10]);
});
