/**
 * Preloaded (`NODE_OPTIONS=--require`) into the services of a platform under fault injection; it changes no
 * code of theirs. In a function's worker it names the function and the worker in each request to AWS, and ends
 * the worker at once when an answer carries `x-fault: kill`, as Lambda's runtime ends when its process dies.
 * In the service's own process it does what Lambda does then: the invocation has failed, and the next one gets
 * a new worker. serverless-offline knows neither and would wait for the function's timeout.
 */
const { MessageChannel, Worker, threadId } = require('node:worker_threads');
const { preloadFunctions } = require('../../../tools/local/preload-functions.cjs');

const EXIT_CODE = 137;

/** A worker that fails its invocations when it dies, and is there again for the next one. */
class ReplacedWorker {
  #args;
  #worker;
  #waiting = new Set();

  constructor(...args) {
    this.#args = args;
    this.#start();
  }

  postMessage({ port, ...message }, ...rest) {
    const { port1, port2 } = new MessageChannel();
    this.#waiting.add(port);
    port1.once('message', (answer) => this.#answer(port, port1, answer));
    this.#worker.postMessage({ ...message, port: port2 }, [
      port2,
      ...rest.flat().filter((each) => each !== port),
    ]);
  }

  terminate() {
    return this.#worker.terminate();
  }

  #answer(port, from, answer) {
    from.close();
    if (!this.#waiting.delete(port)) return;
    port.postMessage(answer);
    port.close();
  }

  #start() {
    const worker = new Worker(...this.#args);
    this.#worker = worker;
    worker.on('error', () => undefined);
    worker.once('exit', (code) => {
      if (code !== EXIT_CODE) return;
      this.#start();
      for (const port of this.#waiting) {
        port.postMessage(new Error('The function was killed'));
        port.close();
      }
      this.#waiting.clear();
    });
  }
}

function watchRequests() {
  const { ClientRequest } = require('node:http');
  const { emit, _implicitHeader: writeHead } = ClientRequest.prototype;
  ClientRequest.prototype._implicitHeader = function named() {
    this.setHeader('x-fault-function', process.env.AWS_LAMBDA_FUNCTION_NAME);
    this.setHeader('x-fault-worker', `${process.pid}.${threadId}`);
    return writeHead.call(this);
  };
  ClientRequest.prototype.emit = function watched(event, ...args) {
    if (event === 'response' && args[0].headers['x-fault'] === 'kill') process.exit(EXIT_CODE);
    return emit.call(this, event, ...args);
  };
}

preloadFunctions(__filename, watchRequests, (...args) => new ReplacedWorker(...args));
