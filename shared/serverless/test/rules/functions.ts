import { longestCallMs } from '@orderly/functions/aws/client-config';
import { longestRequestMs } from '@orderly/functions/http/request-limit';
import { at, findings, functionsOf, idOf, list, ofType, type Rule, type Rules } from './rule.ts';
import { roleAllows } from './statements.ts';

const haveALogGroup: Rule = ({ template }) => {
  const names = ofType(template, 'AWS::Logs::LogGroup').map(([, { LogGroupName }]) => LogGroupName);
  return findings(
    functionsOf(template),
    ({ FunctionName }) => !names.includes(`/aws/lambda/${FunctionName}`),
    'has no log group in the stack',
  );
};

const maySendTheirTraces: Rule = ({ template }) =>
  findings(
    functionsOf(template),
    (fn) =>
      (at(fn, 'TracingConfig', 'Mode') === 'Active') !==
      roleAllows(template, idOf(fn.Role), 'xray:PutTraceSegments'),
    'is traced and may not send its traces, or may and is not',
  );

/** A function that answers routes ends all its calls in time; the others make each of them as long as it takes. */
const outlastTheirCalls: Rule = ({ template }) => {
  const integrations = ofType(template, 'AWS::ApiGatewayV2::Integration');
  const answersHttp = (id: string) => JSON.stringify(integrations).includes(`"${id}"`);
  return findings(
    functionsOf(template),
    ({ Timeout }, id) => Number(Timeout) * 1000 < 1.5 * (answersHttp(id) ? longestRequestMs : longestCallMs),
    'ends before a call that it makes',
  );
};

/** With JSON logs Lambda filters by its own setting, whatever the function thinks. */
const logAsTheStageSays: Rule = ({ template }) =>
  findings(
    functionsOf(template),
    (fn) =>
      at(fn, 'LoggingConfig', 'LogFormat') !== 'JSON' ||
      at(fn, 'LoggingConfig', 'ApplicationLogLevel') !==
        at(fn, 'Environment', 'Variables', 'POWERTOOLS_LOG_LEVEL'),
    'does not log at the level of its stage',
  );

export const functionRules = {
  'functions log at the level of their stage': logAsTheStageSays,
  'functions outlast the calls that they make': outlastTheirCalls,
  'functions run on arm64': ({ template }) =>
    findings(
      functionsOf(template),
      ({ Architectures }) => list(Architectures).join() !== 'arm64',
      'does not run on arm64',
    ),
  'functions that X-Ray traces, and no others, may send traces': maySendTheirTraces,
  'functions have a log group in the stack': haveALogGroup,
  'log groups have a retention': ({ template }) =>
    findings(
      ofType(template, 'AWS::Logs::LogGroup'),
      ({ RetentionInDays }) => !(Number(RetentionInDays) > 0),
      'keeps logs for ever',
    ),
} satisfies Rules;
