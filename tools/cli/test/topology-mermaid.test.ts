import { topologyMermaid } from '../src/topology/topology-mermaid.ts';

const idle = { visible: 0, inFlight: 0, delayed: 0, oldestAge: null };

it('a flowchart escapes what Mermaid would read as its own, and shows only the dead letters that there are', () => {
  const chart = topologyMermaid({
    stage: 'dev',
    topics: [
      {
        topic: 'order-events',
        publisher: 'orders',
        parked: 3,
        streamFailures: 0,
        subscriptions: [
          {
            ...{ queue: 'q', consumer: 'end', events: ['A"]', 'B'], unknownEvents: ['B'] },
            ...{ ...idle, visible: 2, deadLetters: 0 },
          },
        ],
        stuck: [],
      },
    ],
    wakeUps: [],
  });

  expect(chart.split('\n')).toEqual([
    'flowchart LR',
    '  s0["orders"]',
    '  s1["end"]',
    '  t0(["order-events"])',
    '  s0 --> t0',
    '  t0 -->|"A#34;#93;<br>B #40;unknown#41;"| t0q0[["q<br>2 waiting"]]',
    '  t0q0 --> s1',
    '  t0 -.-> t0parked[("3 parked")]',
    '  class t0parked dead',
    '  classDef dead stroke:#c00,stroke-width:3px',
  ]);
});
