import type { OfflineFunction, OfflineLambda } from '../src/serverless.ts';

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

interface Call {
  readonly functionName: string;
  readonly records: readonly TestRecord[];
  readonly at: number;
}

/** Stands in for serverless-offline, with the one function `work`. */
export class FakeLambda implements OfflineLambda {
  readonly calls: Call[] = [];
  behaviour: (records: readonly TestRecord[]) => unknown = () => null;

  listFunctionNames(): readonly string[] {
    return ['work'];
  }

  getByFunctionName(functionName: string): OfflineFunction {
    let event: unknown;
    return {
      functionName,
      setClientContext: () => undefined,
      setEvent: (given) => {
        event = structuredClone(given);
      },
      runHandler: () => this.#run(functionName, event as Event),
    };
  }

  async #run(functionName: string, { Records }: Event): Promise<unknown> {
    this.calls.push({ functionName, records: Records, at: Date.now() });
    return this.behaviour(Records);
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
