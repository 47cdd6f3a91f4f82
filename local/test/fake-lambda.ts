import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Event {
  readonly Records: readonly TestRecord[];
}

/** The fields of queue and stream records that the tests look at. */
export interface TestRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly eventName: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: { readonly pk: { readonly S: string } };
  };
}

export interface Call {
  readonly functionName: string;
  readonly records: readonly TestRecord[];
  readonly at: number;
}

type Behaviour = (records: readonly TestRecord[], functionName: string) => unknown;

const read = async (request: IncomingMessage): Promise<Event> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Event;
};

/** Stands in for serverless-offline's Lambda API, answering errors as that does. */
export class FakeLambda {
  readonly calls: Call[] = [];
  behaviour: Behaviour = () => null;
  /** Invocations going on now, and the most there were at once. */
  running = 0;
  mostRunning = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const functionName = decodeURIComponent(request.url?.split('/')[3] ?? '');
      const { Records } = await read(request);
      this.calls.push({ functionName, records: Records, at: Date.now() });
      this.running += 1;
      this.mostRunning = Math.max(this.mostRunning, this.running);
      try {
        const answer = await this.behaviour(Records, functionName);
        response.end(answer === undefined ? '' : JSON.stringify(answer));
      } catch (error) {
        response.setHeader('X-Amz-Function-Error', 'Unhandled');
        response.end(JSON.stringify({ errorType: 'Error', errorMessage: String(error) }));
      } finally {
        this.running -= 1;
      }
    });
  }

  /** @returns the endpoint */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(port, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }

  /** The bodies of all messages the functions got, in order. */
  get bodies(): readonly string[] {
    return this.calls.flatMap(({ records }) => records.map(({ body }) => body));
  }

  /** The keys of all stream records the functions got, in order, per call. */
  get keys(): readonly (readonly string[])[] {
    return this.calls.map(({ records }) => records.map(({ dynamodb }) => dynamodb.Keys.pk.S));
  }
}
