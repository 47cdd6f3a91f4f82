import { functionEnvironment } from '../src/function-environment.ts';

// Before each test file: the environment that Lambda would give to a function of the service under test.
const { testPath = '' } = expect.getState();
const service = /.*services\/([a-z-]+)\//.exec(testPath.replaceAll('\\', '/'))?.[1] ?? 'toolkit';
const { POWERTOOLS_LOG_LEVEL } = process.env;

Object.assign(
  process.env,
  functionEnvironment(service, 'test'),
  POWERTOOLS_LOG_LEVEL && { POWERTOOLS_LOG_LEVEL },
);
