/** A variable of `Fn::Sub`. */
const ref = (name) => `\${${name}}`;

/**
 * The CloudWatch dashboard of a service: the same rows in each.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
function dashboard({ service, stage, functionNames, alarmNames }) {
  const perFunction = (metric, stat) =>
    functionNames.map((name) => ['AWS/Lambda', metric, 'FunctionName', name, { stat }]);
  const ofApi = (metric, options) => ['AWS/ApiGateway', metric, 'ApiId', ref('HttpApi'), options];
  const ofQueue = (queue, metric, options) => [
    'AWS/SQS',
    metric,
    'QueueName',
    ref(`${queue}.QueueName`),
    options,
  ];
  const ofTable = (metric, options) => ['AWS/DynamoDB', metric, 'TableName', ref('Table'), options];
  // With the dimensions of shared/functions/src/observability/metrics.ts.
  const ours = (names, stat) => {
    const search = `{Orderly,service,stage} service="${service}" stage="${stage}" ${names}`;
    return [{ expression: `SEARCH('${search}', '${stat}', 300)`, label: '' }];
  };
  const timeToConfirmation = 'MetricName="TimeToConfirmation"';
  const stuck = ['OrdersStuck', 'OldestPlacedAge'].map((name) => `MetricName="${name}"`);
  const deadLetters = ['SubscriptionFailures', 'ParkedEvents', 'StreamFailures'];
  const alarmPrefix = `arn:${ref('AWS::Partition')}:cloudwatch:${ref('AWS::Region')}:${ref('AWS::AccountId')}:alarm`;

  const rows = [
    [{ type: 'alarm', title: 'Alarms', alarms: alarmNames.map((name) => `${alarmPrefix}:${name}`) }],
    [
      graph('Requests', [
        ofApi('Count', { label: 'all', stat: 'Sum' }),
        ofApi('4xx', { label: '4xx', stat: 'Sum' }),
        ofApi('5xx', { label: '5xx', stat: 'Sum' }),
      ]),
      graph('Latency (ms)', [
        ofApi('Latency', { label: 'p50', stat: 'p50' }),
        ofApi('Latency', { label: 'p99', stat: 'p99' }),
      ]),
    ],
    [
      graph('Function errors', perFunction('Errors', 'Sum')),
      graph('Function throttles', perFunction('Throttles', 'Sum')),
      graph('Function duration, p99 (ms)', perFunction('Duration', 'p99')),
    ],
    [
      graph('Events to come: waiting, and the oldest one (s)', [
        ofQueue('Subscription', 'ApproximateNumberOfMessagesVisible', { label: 'waiting', stat: 'Maximum' }),
        ofQueue('Subscription', 'ApproximateAgeOfOldestMessage', {
          label: 'oldest',
          stat: 'Maximum',
          yAxis: 'right',
        }),
      ]),
      graph('Events to go: iterator age (ms)', [
        [
          'AWS/Lambda',
          'IteratorAge',
          'FunctionName',
          `${service}-${stage}-publish-events`,
          { stat: 'Maximum' },
        ],
      ]),
      graph(
        'Dead letters',
        deadLetters.map((queue) => ofQueue(queue, 'ApproximateNumberOfMessagesVisible', { stat: 'Maximum' })),
      ),
    ],
    [
      graph('Table: units', [
        ofTable('ConsumedReadCapacityUnits', { label: 'read', stat: 'Sum' }),
        ofTable('ConsumedWriteCapacityUnits', { label: 'written', stat: 'Sum' }),
      ]),
      graph('Table: throttled', [
        ofTable('ReadThrottleEvents', { label: 'reads', stat: 'Sum' }),
        ofTable('WriteThrottleEvents', { label: 'writes', stat: 'Sum' }),
      ]),
    ],
    [
      graph('What happened', [
        ours([timeToConfirmation, ...stuck].map((name) => `NOT ${name}`).join(' '), 'Sum'),
      ]),
      graph('How long it takes (ms), and what is stuck', [
        ours(timeToConfirmation, 'p99'),
        ...stuck.map((name) => ours(name, 'Maximum')),
      ]),
    ],
  ];
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: `${stage}-${service}`,
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: rows.flatMap(placed) }) },
    },
  };
}

const graph = (title, metrics) => ({
  type: 'metric',
  title,
  metrics,
  period: 300,
  region: ref('AWS::Region'),
});

// A dashboard is 24 units wide.
const [width, height] = [24, 6];

const placed = (widgets, row) =>
  widgets.map(({ type, ...properties }, column) => ({
    type,
    x: (column * width) / widgets.length,
    y: row * height,
    width: width / widgets.length,
    height,
    properties,
  }));

module.exports = { dashboard };
