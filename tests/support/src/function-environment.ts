/** The environment that Lambda would give to a function of a service, and nothing of it logged. */
export const functionEnvironment = (service: string, stage: string) => ({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  STAGE: stage,
  TABLE_NAME: `${stage}-${service}`,
  POWERTOOLS_SERVICE_NAME: service,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  CHANNEL: 'log',
  WAKE_UPS_URL: `${process.env.AWS_ENDPOINT_URL_SQS ?? 'http://127.0.0.1'}/000000000000/${stage}-webhooks--deliveries`,
  WEBHOOK_KEY: Buffer.alloc(32).toString('base64'),
  WEBHOOK_LOOPBACK: 'true',
  MAX_RECEIVE_COUNT: '5',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
