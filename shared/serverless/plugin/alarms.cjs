const { dashboard } = require('./dashboard.cjs');

/**
 * Alarms and the dashboard of a service, for its serverless.yml:
 * `resources: ${file(../../shared/serverless/plugin/alarms.cjs):resources}`. Nothing where the parameter `alarms` is off.
 */
async function resources({ resolveVariable, resolveConfigurationProperty }) {
  if (!(await enabled({ resolveVariable }))) return {};
  const fragment = (file) => resolveVariable(`file(../../shared/serverless/${file})`);
  const [service, stage] = [await resolveVariable('self:service'), await resolveVariable('sls:stage')];
  const functions = Object.assign({}, ...[await resolveConfigurationProperty(['functions'])].flat());
  const functionNames = Object.keys(functions).map((name) => `${service}-${stage}-${name}`);

  const { alarms, functionAlarms } = await fragment('alarms.yml');
  const properties = {
    ...alarms,
    ...overFunctions(functionAlarms, functionNames),
    ...(await resolveConfigurationProperty(['custom', 'alarms'])),
  };
  const { actions, topic } = await receiver(await resolveVariable('param:alarmTopic'), fragment);
  const names = Object.keys(properties).map((id) => `${stage}-${service}-${kebabCase(id)}`);
  const made = Object.entries(properties).map(([id, alarm], index) => [
    `${id}Alarm`,
    {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { AlarmName: names[index], ...alarm, AlarmActions: actions, OKActions: actions },
    },
  ]);
  const Dashboard = dashboard({ service, stage, functionNames, alarmNames: names });
  return { Resources: { ...Object.fromEntries(made), ...topic, Dashboard } };
}

/** Whether the stage has alarms: without them, counting for an alarm only costs money. */
async function enabled({ resolveVariable }) {
  const alarms = await resolveVariable('param:alarms');
  if (alarms !== 'on' && alarms !== 'off')
    throw new Error(`The parameter alarms is on or off, not "${alarms}"`);
  return alarms === 'on';
}

/** @returns who receives alarms, and the topic if it is ours */
async function receiver(alarmTopic, fragment) {
  if (alarmTopic === '') return { actions: [], topic: {} };
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(alarmTopic)) {
    return { actions: [alarmTopic], topic: {} };
  }
  if (/^[^\s@:]+@[^\s@:]+$/.test(alarmTopic)) {
    return { actions: [{ Ref: 'AlarmTopic' }], topic: await fragment('alarm-topic.yml') };
  }
  throw new Error(
    `The parameter alarmTopic is an e-mail address, the ARN of an SNS topic or empty, not "${alarmTopic}"`,
  );
}

/** CloudWatch's limit for an alarm; a service with more functions has a second alarm. */
const metricsPerAlarm = 10;

function overFunctions(functionAlarms, functionNames) {
  const alarms = {};
  for (const [id, { MetricName, ...alarm }] of Object.entries(functionAlarms)) {
    for (let start = 0; start < functionNames.length; start += metricsPerAlarm) {
      const names = functionNames.slice(start, start + metricsPerAlarm);
      alarms[start === 0 ? id : `${id}${start / metricsPerAlarm + 1}`] = {
        ...alarm,
        Metrics: sum(MetricName, names),
      };
    }
  }
  return alarms;
}

function sum(MetricName, functionNames) {
  const metrics = functionNames.map((name, index) => ({
    Id: `m${index}`,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: name }] },
      Stat: 'Sum',
      Period: 300,
    },
  }));
  return [{ Id: 'total', Label: MetricName, Expression: 'SUM(METRICS())', ReturnData: true }, ...metrics];
}

const kebabCase = (id) => id.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

module.exports = { enabled, resources };
