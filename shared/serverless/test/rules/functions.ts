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

const areTraced: Rule = ({ template }) =>
  findings(
    functionsOf(template),
    (fn) =>
      at(fn, 'TracingConfig', 'Mode') !== 'Active' ||
      !roleAllows(template, idOf(fn.Role), 'xray:PutTraceSegments'),
    'sends no traces',
  );

export const functionRules = {
  'functions run on arm64': ({ template }) =>
    findings(
      functionsOf(template),
      ({ Architectures }) => list(Architectures).join() !== 'arm64',
      'does not run on arm64',
    ),
  'functions are traced': areTraced,
  'functions have a log group in the stack': haveALogGroup,
  'log groups have a retention': ({ template }) =>
    findings(
      ofType(template, 'AWS::Logs::LogGroup'),
      ({ RetentionInDays }) => !(Number(RetentionInDays) > 0),
      'keeps logs for ever',
    ),
} satisfies Rules;
