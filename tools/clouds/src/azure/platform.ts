import type { CloudOptions, RunningCloud, RunningService } from '../cloud.ts';
import type { ServicePlan } from '../service-plan.ts';
import { Services } from '../services.ts';
import { entitiesOf } from './entities.ts';
import { type FunctionApp, startFunctionApp } from './function-app/start.ts';
import { hostJson } from './host-json.ts';
import { startServiceBus } from './service-bus/server.ts';
import { Subscriptions } from './subscriptions.ts';

/**
 * Starts the services on Azure Functions' library, with a stand-in of Service Bus.
 *
 * @throws Error when a part of it does not start; what was started has ended then
 */
export const startAzure = async ({
  plans,
  bundleOf,
  environmentOf,
  portOf,
  onLine,
  watch,
}: CloudOptions): Promise<RunningCloud> => {
  const subscriptions = new Subscriptions(plans, () => bus.broker);
  const bus = await startServiceBus({
    ...{ port: 0, restPort: 0, entities: entitiesOf(plans) },
    watch: watch && subscriptions.watchFor(watch),
  });
  const start = ({ name }: ServicePlan, port: number): Promise<FunctionApp> =>
    startFunctionApp({
      bundle: bundleOf(name),
      port,
      env: {
        ...environmentOf(name),
        SERVICE_BUS: bus.connectionString,
        SERVICE_BUS_ENDPOINT: bus.restEndpoint,
      },
      hostJson,
      onLine: (line) => onLine(name, line),
      onInvocation: ({ name: functionName, startedAt: at, durationMs: duration, error }) =>
        watch?.invocation({
          ...{ service: name, name: functionName, at, duration },
          outcome: error === undefined ? 'ok' : 'error',
        }),
    });
  const apps = new Services(plans, { start, portOf });
  const stop = async (): Promise<void> => {
    await apps.stop();
    await bus.stop();
  };
  try {
    await apps.startAll();
  } catch (error) {
    await stop();
    throw error;
  }
  const [{ stage } = { stage: '' }] = plans;
  return {
    get services() {
      return apps.running();
    },
    broker: { cloud: 'azure', connectionString: bus.connectionString, restEndpoint: bus.restEndpoint },
    async publish(topic, { subject, type, body }) {
      const answer = await fetch(`${bus.restEndpoint}/${stage}-${topic}/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json',
          brokerproperties: JSON.stringify({ SessionId: subject, Label: type }),
        },
        body,
      });
      if (!answer.ok) throw new Error(`Service Bus answers ${answer.status}: ${await answer.text()}`);
    },
    queues: () => subscriptions.queues(),
    messages: (queue) => subscriptions.messages(queue),
    deadLetters: async () => subscriptions.deadLetters(),
    redrive: (letter) => subscriptions.redrive(letter),
    drop: (letter) => subscriptions.drop(letter),
    breakBroker: (on) => bus.fail(on),
    async sweep(service) {
      apps.get(service).runTimer('publish-events');
    },
    stopService: (name) => apps.stopOne(name),
    startService: (name): Promise<RunningService> => apps.startOne(name),
    stop,
  };
};
