// Before each test file: the environment that Lambda would give to a function of the service under test.
const { testPath = '' } = expect.getState();
const service = /.*services\/([a-z-]+)\//.exec(testPath.replaceAll('\\', '/'))?.[1] ?? 'toolkit';

Object.assign(process.env, {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  STAGE: 'test',
  TABLE_NAME: `test-${service}`,
  POWERTOOLS_SERVICE_NAME: service,
  POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  CHANNEL: 'log',
  MAX_RECEIVE_COUNT: '5',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
