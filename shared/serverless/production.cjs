/**
 * Serverless plugin: does not let `prod` be packaged where its alarms tell nobody (`custom.alarmTopic`), or where customers are
 * told by a channel that does not reach them (`custom.channel`, of the service that tells them).
 */
class Production {
  constructor(serverless) {
    const { service, classes } = serverless;
    this.hooks = {
      'before:package:initialize': () => {
        if (service.provider.stage !== 'prod') return;
        const missing = missingIn(service.custom);
        if (missing !== undefined) throw new classes.Error(missing);
      },
    };
  }
}

const where = 'in shared/serverless/stages.yml, with --param, or by the environment variable';

function missingIn({ alarmTopic, channel }) {
  if (alarmTopic === '') {
    return `Without the parameter alarmTopic nobody hears of the alarms of prod. Set it ${where} ORDERLY_ALARM_TOPIC.`;
  }
  if (channel === 'log') {
    return `The channel log tells customers nothing. Set the parameter channel to ses or smtp ${where} ORDERLY_CHANNEL.`;
  }
  return undefined;
}

module.exports = Production;
