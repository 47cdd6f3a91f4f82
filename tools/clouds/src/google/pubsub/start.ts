import { type Clock, systemClock } from '@orderly/aws/clock';
import { installed } from '../../install.ts';
import { Broker, type Watch } from './broker.ts';
import { startGrpcServer } from './grpc-server.ts';
import { startPushing } from './push-delivery.ts';
import { startRestServer } from './rest-server.ts';
import { createTokenIssuer, type TokenIssuer } from './token-issuer.ts';

const HOST = '127.0.0.1';

export interface PubSubOptions {
  /** For gRPC; 0 for any free one. */
  readonly port: number;
  /** For REST; 0 for any free one. */
  readonly restPort: number;
  /** The machine's unless given. */
  readonly clock?: Clock;
  readonly watch?: Watch | undefined;
}

export interface PubSubStandIn {
  /** What PUBSUB_EMULATOR_HOST names, e.g. `127.0.0.1:8085`. */
  readonly address: string;
  /** The REST API's URL; also the issuer of the tokens that pushes have. */
  readonly url: string;
  /** Its state, without a protocol in between. */
  readonly broker: Broker;
  readonly issuer: TokenIssuer;
  /** While on, every call is answered with UNAVAILABLE (503), streams are closed with it, and nothing is pushed. */
  fail(on: boolean): void;
  /** Closes ports and connections, ends timers; the state is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a stand-in for Google Cloud Pub/Sub on 127.0.0.1: Google's client libraries use it over gRPC, anything else over
 * REST. Its state is in memory.
 * @throws Error when a port is taken, or when its libraries cannot be installed
 */
export const startPubSub = async ({
  port,
  restPort,
  clock = systemClock,
  watch,
}: PubSubOptions): Promise<PubSubStandIn> => {
  const broker = new Broker(clock, watch);
  const context = { broker, clock };
  const rest = await startRestServer(context, (url) => createTokenIssuer(url, clock), restPort);
  const stopPushing = startPushing({ broker, clock, issuer: rest.issuer });
  const grpc = await startGrpcServer(await installed('google'), context, { host: HOST, port }).catch(
    async (error: unknown) => {
      await rest.stop();
      throw error;
    },
  );
  return {
    address: grpc.address,
    url: rest.url,
    broker,
    issuer: rest.issuer,
    fail: (on) => broker.fail(on),
    stop: async () => {
      stopPushing();
      grpc.stop();
      broker.close();
      await rest.stop();
    },
  };
};
