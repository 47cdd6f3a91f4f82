import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as generated from '@opentelemetry/otlp-transformer/build/src/generated/root';
import { startSpanExport } from '../src/span-export.ts';

interface Value {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: unknown;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly Value[] };
}
type Attributes = readonly { readonly key: string; readonly value: Value }[];
interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly startTimeUnixNano: unknown;
  readonly endTimeUnixNano: unknown;
  readonly attributes: Attributes;
  readonly status: { readonly code: number; readonly message: string } | null;
}
interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** What OpenTelemetry generates from its protocol's own files; its types are not generated. */
interface Message {
  fromObject(json: object): TraceRequest;
  toObject(message: TraceRequest, options: object): object;
  verify(message: TraceRequest): string | null;
  encode(message: TraceRequest): { finish(): Uint8Array };
  decode(bytes: Uint8Array): TraceRequest;
}
interface Protocol {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: Message } };
      };
      readonly trace: {
        readonly v1: {
          readonly Span: { readonly SpanKind: Readonly<Record<string, number>> };
          readonly Status: { readonly StatusCode: Readonly<Record<string, number>> };
        };
      };
    };
  };
}
const { proto } = (generated as unknown as Protocol).opentelemetry;
const { ExportTraceServiceRequest } = proto.collector.trace.v1;
const { SpanKind } = proto.trace.v1.Span;
const { StatusCode } = proto.trace.v1.Status;

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of OTLP over HTTP on this machine. */
class Receiver {
  readonly received: Received[] = [];
  status = 200;
  readonly #server: Server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    this.received.push({ path: request.url, headers: request.headers, body });
    response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
  });

  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const everything = { longs: String, bytes: String, defaults: true };

/** In OTLP's JSON an id is hexadecimal, unlike in other JSON of protocol buffers: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function decode(body: string) {
  const json: object = JSON.parse(body, (name, value) => {
    if (/^(traceId|spanId|parentSpanId)$/.test(name)) return Buffer.from(value, 'hex').toString('base64');
    // A 64-bit number may also be text.
    return name === 'intValue' ? String(value) : value;
  });
  const request = ExportTraceServiceRequest.fromObject(json);
  // A member that the protocol does not have, or that has another type there, is lost or changed on this way.
  expect(ExportTraceServiceRequest.toObject(request, everything)).toMatchObject(json);
  expect(ExportTraceServiceRequest.verify(request)).toBeNull();
  return ExportTraceServiceRequest.decode(ExportTraceServiceRequest.encode(request).finish()).resourceSpans;
}

const span = {
  type: 'span',
  service: 'orders',
  name: 'POST /orders',
  kind: 'server',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  startTime: 1_764_439_200_123.456,
  duration: 12.345,
  outcome: 'ok',
  attributes: {},
};

/** A process that exports the spans written to it. */
function startExport(endpoint: string) {
  const program = join(__dirname, 'export-spans.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', program, endpoint]);
  const warnings = text(child.stderr);
  const ended = once(child, 'exit');
  return {
    add: (more: object = {}) => void child.stdin.write(`${JSON.stringify({ ...span, ...more })}\n`),
    /** @returns its exit code, and what it warned of */
    async stop() {
      child.stdin.end();
      const [code] = await ended;
      return { code, warnings: (await warnings).split('\n').filter(Boolean) };
    },
  };
}

const hex = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('hex');

const spansIn = ({ received }: Receiver): readonly Span[] =>
  received
    .flatMap(({ body }) => decode(body))
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

let receiver = new Receiver();
let endpoint = '';
beforeEach(async () => {
  receiver = new Receiver();
  endpoint = await receiver.start();
});
afterEach(() => receiver.stop());

it('a span is exported as the protocol has it, with its ids, times, attributes and service', async () => {
  const exporting = startExport(endpoint);
  const attributes = {
    'http.route': '/orders',
    'http.response.status_code': 201,
    'faas.coldstart': true,
    'aws.dynamodb.table_names': ['dev-orders', 'dev-products'],
    share: 0.5,
  };

  exporting.add({ parentSpanId: '00f067aa0ba902b7', attributes });
  await exporting.stop();

  expect(receiver.received).toMatchObject([
    { path: '/v1/traces', headers: { 'content-type': 'application/json' } },
  ]);
  const [resource] = decode(receiver.received[0]?.body ?? '');
  expect(resource?.resource.attributes).toMatchObject([
    { key: 'service.name', value: { stringValue: 'orders' } },
  ]);
  const [exported] = spansIn(receiver);
  expect([exported?.traceId, exported?.spanId, exported?.parentSpanId].map(hex)).toEqual([
    '0af7651916cd43dd8448eb211c80319c',
    'b7ad6b7169203331',
    '00f067aa0ba902b7',
  ]);
  expect([exported?.startTimeUnixNano, exported?.endTimeUnixNano].map(String)).toEqual([
    '1764439200123456000',
    '1764439200135801000',
  ]);
  expect(exported).toMatchObject({ name: 'POST /orders', kind: SpanKind.SPAN_KIND_SERVER });
  expect(exported?.status?.code ?? StatusCode.STATUS_CODE_UNSET).toBe(StatusCode.STATUS_CODE_UNSET);
  expect(exported?.attributes).toMatchObject([
    { key: 'http.route', value: { stringValue: '/orders' } },
    { key: 'http.response.status_code', value: { intValue: expect.anything() } },
    { key: 'faas.coldstart', value: { boolValue: true } },
    {
      key: 'aws.dynamodb.table_names',
      value: { arrayValue: { values: [{ stringValue: 'dev-orders' }, { stringValue: 'dev-products' }] } },
    },
    { key: 'share', value: { doubleValue: 0.5 } },
  ]);
  expect(String(exported?.attributes[1]?.value.intValue)).toBe('201');
});

it('a root has no parent, and a failed span has the status of an error and its message', async () => {
  const exporting = startExport(endpoint);

  exporting.add({ outcome: 'error', error: 'TypeError: wrong' });
  await exporting.stop();

  const [exported] = spansIn(receiver);
  expect(hex(exported?.parentSpanId)).toBe('');
  expect(exported?.status).toMatchObject({ code: StatusCode.STATUS_CODE_ERROR, message: 'TypeError: wrong' });
});

it('the kinds of spans are those of the protocol', async () => {
  const exporting = startExport(endpoint);

  for (const kind of ['server', 'consumer', 'producer', 'client', 'internal']) exporting.add({ kind });
  await exporting.stop();

  expect(spansIn(receiver).map(({ kind }) => kind)).toEqual(
    ['SERVER', 'CONSUMER', 'PRODUCER', 'CLIENT', 'INTERNAL'].map((kind) => SpanKind[`SPAN_KIND_${kind}`]),
  );
});

it('spans of several services are exported together, each service as one resource', async () => {
  const exporting = startExport(`${endpoint}/`);

  for (const service of ['orders', 'inventory', 'orders']) exporting.add({ service });
  await exporting.stop();

  const resources = receiver.received.flatMap(({ body }) => decode(body));
  const spansOf = resources.map(({ resource, scopeSpans }) => [
    resource.attributes[0]?.value.stringValue,
    scopeSpans.flatMap(({ spans }) => spans).length,
  ]);
  expect(receiver.received).toMatchObject([{ path: '/v1/traces' }]);
  expect(spansOf).toEqual([
    ['orders', 2],
    ['inventory', 1],
  ]);
});

it('spans arrive without a stop', async () => {
  const exporting = startExport(endpoint);

  exporting.add();
  const deadline = Date.now() + 10_000;
  while (receiver.received.length === 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));

  expect(receiver.received).toHaveLength(1);
  await exporting.stop();
});

it('a receiver that refuses spans is warned of once, and the export ends', async () => {
  receiver.status = 401;
  const exporting = startExport(endpoint);

  for (let count = 0; count < 600; count++) exporting.add();
  const { code, warnings } = await exporting.stop();

  expect(receiver.received.length).toBeGreaterThan(1);
  expect(code).toBe(0);
  expect(warnings).toEqual([expect.stringContaining(`${endpoint}/v1/traces accepts no spans`)]);
});

it('an endpoint that is no URL is refused at once', () => {
  expect(() => startSpanExport('localhost')).toThrow('Invalid URL');
});
