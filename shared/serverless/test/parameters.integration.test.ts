import { type FrameworkCommand, type FrameworkResult, runFramework } from '@orderly/local/framework';
import { packageServices } from '@orderly/local/packages';
import { folderOf, services } from '@orderly/local/services';
import { ofType } from './rules/rule.ts';
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
  ...unset
} = process.env;
const issuer = { ORDERLY_JWT_ISSUER: 'https://id.example.com', ORDERLY_JWT_AUDIENCE: 'orderly' };

const printed = ['print', '--format', 'json'];
const withAlarms = [...printed, '--stage', 'dev', '--param', 'alarms=on', '--param'];
const ofProd = ['package', '--stage', 'prod'];

/** In which service, and what the environment sets beside the parameters of the command. */
const commands = {
  alarmsByMail: ['orders', [...withAlarms, 'alarmTopic=ops@example.com']],
  alarmsToTopic: ['orders', [...withAlarms, `alarmTopic=${onCall}`]],
  alarmsNowhere: ['orders', [...withAlarms, 'alarmTopic=on-call']],
  alarmsMaybe: ['orders', [...withAlarms.slice(0, -1), '--param', 'alarms=yes']],
  withKey: ['notifications', [...printed, '--param', `kmsKey=${multiRegion}`]],
  withAlias: ['notifications', ['package', '--param', 'kmsKey=alias/orderly']],
  withoutIssuer: ['notifications', ofProd],
  printedWithoutIssuer: ['notifications', [...printed, '--stage', 'prod']],
  audienceAlone: ['notifications', ['package', '--stage', 'dev', '--param', 'jwtAudience=orderly']],
  withoutAlarmTopic: ['orders', ofProd, issuer],
  withLogChannel: ['notifications', ofProd, { ...issuer, ORDERLY_ALARM_TOPIC: 'ops@example.com' }],
} as const satisfies Record<string, readonly [service: string, argv: readonly string[], env?: object]>;

type Name = keyof typeof commands;
let results: Readonly<Partial<Record<Name, FrameworkResult>>> = {};
/** Of each service, as it is. */
let ofDev: readonly FrameworkResult[] = [];

beforeAll(async () => {
  const command = (service: string, argv: readonly string[], env: object = {}): FrameworkCommand => ({
    cwd: folderOf(service),
    argv,
    env: { ...unset, ...env },
  });
  const done = await runFramework([
    ...services.map((service) => command(service, [...printed, '--stage', 'dev'])),
    ...Object.values(commands).map(([service, argv, env]) => command(service, argv, env)),
  ]);
  ofDev = done.slice(0, services.length);
  const names = Object.keys(commands);
  results = Object.fromEntries(names.map((name, index) => [name, done[services.length + index]]));
});

/** The configuration that a command prints. */
const printedBy = (name: Name) => JSON.parse(results[name]?.stdout ?? '');

/** What a command prints that must fail. */
function refusalBy(name: Name): string {
  const { code, stdout, stderr } = results[name] ?? { code: 0 };
  expect(code).toBe(1);
  return `${stdout}${stderr}`;
}

describe('alarmTopic', () => {
  const actionsIn = (name: Name) =>
    ofType(printedBy(name).resources, 'AWS::CloudWatch::Alarm').map(([, alarm]) => [
      alarm.AlarmActions,
      alarm.OKActions,
    ]);

  it('as an e-mail address makes an encrypted topic that CloudWatch may use', () => {
    const own = [{ Ref: 'AlarmTopic' }];

    expect(actionsIn('alarmsByMail')).toEqual(Array.from({ length: 11 }, () => [own, own]));
    expect(printedBy('alarmsByMail').resources.Resources).toMatchObject({
      AlarmTopic: {
        Properties: { TopicName: 'dev-orders-alarms', KmsMasterKeyId: { Ref: 'AlarmTopicKey' } },
      },
      AlarmTopicSubscription: { Properties: { Protocol: 'email', Endpoint: 'ops@example.com' } },
      AlarmTopicPolicy: { Properties: { PolicyDocument: { Statement: [{ Action: 'sns:Publish' }, {}] } } },
      AlarmTopicKey: { Properties: { EnableKeyRotation: true } },
    });
  });

  it('as an ARN is used as it is', () => {
    const ids = Object.keys(printedBy('alarmsToTopic').resources.Resources);

    expect(actionsIn('alarmsToTopic')).toEqual(Array.from({ length: 11 }, () => [[onCall], [onCall]]));
    expect(ids.filter((id) => id.startsWith('AlarmTopic'))).toEqual([]);
  });

  it('as anything else is refused with what is right', () => {
    expect(refusalBy('alarmsNowhere')).toContain(
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

it('alarms is off by default, and then no stage pays for alarms, dashboards or counting', () => {
  const configurations = ofDev.map(({ stdout }) => JSON.parse(stdout));

  expect(configurations).toHaveLength(services.length);
  for (const { resources } of configurations) {
    const types = Object.values(resources?.Resources ?? {}).map((resource) => Object(resource).Type);
    expect(types.filter((type) => !/^AWS::(SQS|DynamoDB)::/.test(type))).toEqual([]);
  }
  const schedules = JSON.stringify(configurations).match(/"schedule":\{"rate":\[[^\]]*\],"enabled":\w+/g);
  expect(schedules?.filter((schedule) => !schedule.endsWith('"enabled":false'))).toEqual([]);
});

it('alarms is on or off', () => {
  expect(refusalBy('alarmsMaybe')).toContain('The parameter alarms is on or off, not "yes"');
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

  it('refuses the package', () => expect(refusalBy('withAlias')).toMatch(refusal));

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

  it('refuse the package of every stage', () => {
    expect(refusalBy('audienceAlone')).toContain('jwtIssuer is an https:// URL');
  });
});
