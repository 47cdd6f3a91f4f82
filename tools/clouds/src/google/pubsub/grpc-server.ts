import type { Fields } from './fields.ts';
import { fromGrpc, toGrpc } from './grpc-values.ts';
import { type CallContext, call, checkExists } from './operations.ts';
import { asPubSubError } from './status.ts';
import { StreamingPull } from './streaming-pull.ts';

interface Failure {
  readonly code: number;
  readonly details: string;
}

interface Cancellable {
  once(event: 'cancelled', listener: () => void): void;
}

interface UnaryCall extends Cancellable {
  readonly request: Fields;
}

interface Stream extends Cancellable {
  on(event: 'data', listener: (request: Fields) => void): void;
  on(event: 'end', listener: () => void): void;
  once(event: 'cancelled' | 'close', listener: () => void): void;
  write(response: Fields): void;
  end(): void;
  emit(event: 'error', failure: Failure): void;
}

interface Method {
  readonly originalName?: string;
  readonly path: string;
  readonly requestStream: boolean;
}

type Service = Readonly<Record<string, Method>>;

interface GrpcServer {
  addService(service: Service, handlers: Readonly<Record<string, unknown>>): void;
  bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

/** As much of @grpc/grpc-js and @grpc/proto-loader as is used; they are installed on first use. */
interface Grpc {
  readonly Server: new (options: Readonly<Record<string, number>>) => GrpcServer;
  readonly ServerCredentials: { createInsecure(): unknown };
  loadPackageDefinition(definition: unknown): {
    readonly google: {
      readonly pubsub: { readonly v1: Readonly<Record<string, { readonly service: Service }>> };
    };
  };
}

interface ProtoLoader {
  fromJSON(protocol: unknown, options: object): unknown;
}

/** Services of google.pubsub.v1; all of their methods are answered, if only with UNIMPLEMENTED. */
const SERVICES = ['Publisher', 'Subscriber', 'SchemaService'];

/** A publish request has up to 10 MB, and a frame around it. */
const LARGEST_REQUEST_BYTES = 11_000_000;

const failureOf = (error: unknown): Failure => {
  const { grpcCode, message } = asPubSubError(error);
  return { code: grpcCode, details: message };
};

const unary =
  (name: string, context: Omit<CallContext, 'signal'>) =>
  async (request: UnaryCall, reply: (failure: Failure | null, response?: Fields) => void): Promise<void> => {
    const gone = new AbortController();
    request.once('cancelled', () => gone.abort());
    try {
      const output = await call(name, fromGrpc(request.request), { ...context, signal: gone.signal });
      reply(null, toGrpc(output));
    } catch (error) {
      reply(failureOf(error));
    }
  };

const streaming = (context: Omit<CallContext, 'signal'>) => {
  const streams = new Map<StreamingPull, (error: unknown) => void>();
  const signal = new AbortController().signal;
  context.broker.onChange(() => {
    for (const [pull, fail] of streams) {
      try {
        context.broker.checkAvailable();
        if (pull.subscription) checkExists({ ...context, signal }, pull.subscription);
      } catch (error) {
        fail(error);
      }
    }
  });
  return (stream: Stream): void => {
    const pull = new StreamingPull({ ...context, signal }, (response) => stream.write(toGrpc(response)));
    const stop = (): void => {
      pull.stop();
      streams.delete(pull);
    };
    const fail = (error: unknown): void => {
      stop();
      stream.emit('error', failureOf(error));
    };
    streams.set(pull, fail);
    stream.on('data', (request) => {
      try {
        context.broker.checkAvailable();
        pull.receive(fromGrpc(request));
      } catch (error) {
        fail(error);
      }
    });
    stream.on('end', () => {
      stop();
      stream.end();
    });
    stream.once('cancelled', stop);
  };
};

/** Google's own definition of its protocol, which the client library brings along. */
const servicesOf = (require: NodeJS.Require): readonly Service[] => {
  const loader = require('@grpc/proto-loader') as ProtoLoader;
  const { loadPackageDefinition } = require('@grpc/grpc-js') as Grpc;
  const protocol: unknown = require('@google-cloud/pubsub/build/protos/protos.json');
  const definition = loader.fromJSON(protocol, {
    keepCase: false,
    longs: Number,
    enums: String,
    bytes: Buffer,
  });
  const { v1 } = loadPackageDefinition(definition).google.pubsub;
  return SERVICES.map((name) => v1[name]?.service).filter((service) => service !== undefined);
};

/**
 * The edge for Google's client libraries: gRPC without TLS, as PUBSUB_EMULATOR_HOST has them do.
 * @param require of the folder that has @grpc/grpc-js and @google-cloud/pubsub
 * @param port 0 for any free one
 * @returns the address, and what closes every connection
 */
export const startGrpcServer = async (
  require: NodeJS.Require,
  context: Omit<CallContext, 'signal'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly address: string; stop(): void }> => {
  const { Server, ServerCredentials } = require('@grpc/grpc-js') as Grpc;
  const server = new Server({ 'grpc.max_receive_message_length': LARGEST_REQUEST_BYTES });
  const pull = streaming(context);
  for (const service of servicesOf(require)) {
    const handlers = Object.entries(service).map(([name, { requestStream }]) => [
      name,
      requestStream ? pull : unary(name, context),
    ]);
    server.addService(service, Object.fromEntries(handlers));
  }
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    ),
  );
  return { address: `${host}:${bound}`, stop: () => server.forceShutdown() };
};
