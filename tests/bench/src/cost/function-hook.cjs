/**
 * Preloaded (`NODE_OPTIONS=--require`) into the services of a platform whose requests are counted; it changes no
 * code of theirs. In a function's worker it names the invocation in each request to AWS, and prints at its end what
 * caused it and what it has logged.
 */
const { parentPort, threadId } = require('node:worker_threads');
const { preloadFunctions } = require('../../../../tools/local/preload-functions.cjs');

/** The route of an HTTP request, or the types of the events in a batch; the endpoint that a wake-up names. */
function causesOf({ routeKey, Records = [] }) {
  if (routeKey) return [routeKey];
  return Records.flatMap(({ body, dynamodb }) =>
    body ? [causeOf(JSON.parse(body))] : dynamodb.NewImage.outbox.M.events.L.map(({ M }) => M.type.S),
  );
}

const causeOf = ({ type, endpointId }) => type ?? `work on ${endpointId}`;

function sourceOf({ Records: [record] = [] }) {
  if (record === undefined) return 'http';
  if (record.body === undefined) return 'stream';
  return record.eventSourceARN.endsWith('.fifo') ? 'queue' : 'standard-queue';
}

function watchInvocations() {
  const { AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_MEMORY_SIZE, POWERTOOLS_SERVICE_NAME, STAGE } =
    process.env;
  const print = process.stdout.write.bind(process.stdout);
  let logged = [];
  let count = 0;

  for (const output of [process.stdout, process.stderr]) {
    output.write = (text, ...rest) => {
      logged.push(String(text));
      return Object.getPrototypeOf(output).write.call(output, text, ...rest);
    };
  }

  const { ClientRequest } = require('node:http');
  const { _implicitHeader: writeHead } = ClientRequest.prototype;
  ClientRequest.prototype._implicitHeader = function named() {
    this.setHeader('x-invocation', `${process.pid}.${threadId}.${count}`);
    return writeHead.call(this);
  };

  const on = parentPort.on.bind(parentPort);
  parentPort.on = (name, listener) =>
    on(name, async (message) => {
      count += 1;
      logged = [];
      await listener(message);
      const invocation = {
        id: `${process.pid}.${threadId}.${count}`,
        service: POWERTOOLS_SERVICE_NAME,
        functionName: AWS_LAMBDA_FUNCTION_NAME.split(`${STAGE}-`).at(-1),
        memoryMb: Number(AWS_LAMBDA_FUNCTION_MEMORY_SIZE),
        source: sourceOf(message.event),
        causes: causesOf(message.event),
        logged: logged.join('').split('\n').filter(Boolean),
      };
      print(`${JSON.stringify({ invocation })}\n`);
    });
}

preloadFunctions(__filename, watchInvocations);
