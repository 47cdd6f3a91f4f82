/**
 * Refuses to package `prod` without somebody who receives its alarms (`alarmTopic`), or with a channel that reaches no
 * customer (`custom.channel`, of the service that sends messages).
 */
const production = ({ service, classes }) => ({
  'before:package:initialize': () => {
    if (service.provider.stage !== 'prod') return;
    const missing = missingIn(service.custom);
    if (missing !== undefined) throw new classes.Error(missing);
  },
});

const where = 'in shared/serverless/stages.yml, with --param, or by the environment variable';

function missingIn({ settings, channel }) {
  if (settings.alarmTopic === '') {
    return `Without the parameter alarmTopic nobody receives the alarms of prod. Set it ${where} ORDERLY_ALARM_TOPIC.`;
  }
  if (channel === 'log') {
    return `The channel log reaches no customer. Set the parameter channel to ses or smtp ${where} ORDERLY_CHANNEL.`;
  }
  return undefined;
}

module.exports = production;
