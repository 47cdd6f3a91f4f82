import { findings, ofType, type Rule, type Rules } from './rule.ts';

const outputsNameWhatIsNeeded: Rule = ({ template }) => {
  const values = JSON.stringify(Object.values(template.Outputs).map(({ Value }) => Value));
  const apis = ofType(template, 'AWS::ApiGatewayV2::Api');
  const others = ['AWS::SQS::Queue', 'AWS::DynamoDB::Table'].flatMap((type) => ofType(template, type));
  return [
    ...findings(apis, (_, id) => !values.includes(`"https://",{"Ref":"${id}"}`), 'has its URL in no output'),
    ...findings(others, (_, id) => !values.includes(`{"Ref":"${id}"}`), 'is in no output'),
  ];
};

/** CloudFormation puts the tags of a stack on everything in it that can have tags. */
const areTagged: Rule = ({ service, stage, stackTags }) =>
  Object.entries({ 'orderly:service': service, 'orderly:stage': stage })
    .filter(([key, value]) => stackTags[key] !== value)
    .map(([key, value]) => `the stack: has no tag ${key} = ${value}`);

const standAlone: Rule = ({ template }) =>
  Object.entries(template.Resources)
    .filter(([, resource]) => JSON.stringify(resource).includes('"Fn::ImportValue"'))
    .map(([id]) => `${id}: imports from another stack`);

export const stackRules = {
  'outputs name every API, queue and table': outputsNameWhatIsNeeded,
  'everything is tagged with its service and stage': areTagged,
  'no stack imports from another': standAlone,
} satisfies Rules;
