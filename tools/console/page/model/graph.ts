import { Graph, layout } from '@dagrejs/dagre';
import type { QueueState, ServiceState, Topology } from '../../src/api.ts';
import { holdsFailedWakeUps } from './queues.ts';

/** A service, or who else publishes or consumes. */
export interface GraphNode {
  readonly name: string;
  readonly ours: boolean;
  /** Its queues of what it parked, of stream positions and of wake-ups that failed. */
  readonly ownQueues: readonly string[];
}

/** A subscription: from who publishes the topic to who consumes it. */
export interface GraphEdge {
  readonly queue: string;
  readonly topic: string;
  readonly from: string;
  readonly to: string;
}

export interface GraphModel {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The topology without its figures: it is laid out anew only when this changes. */
export const graphModel = (
  services: readonly ServiceState[],
  queues: readonly QueueState[],
  topology: Topology | undefined,
): GraphModel => {
  const publishers = new Map(topology?.topics.map(({ topic, publisher }) => [topic, publisher]));
  const edges = queues
    .filter((queue) => queue.kind === 'subscription')
    .map((queue): GraphEdge => {
      const topic = queue.topic ?? queue.name;
      const from = queue.publisher ?? publishers.get(topic) ?? topic;
      return { queue: queue.name, topic, from, to: queue.consumer ?? queue.name };
    });
  const ours = new Set(services.map(({ name }) => name));
  /** Holds what is stuck at the service itself: what it could not publish, or could not do when it woke itself. */
  const isOwn = (queue: QueueState, name: string): boolean => {
    const { kind, publisher, topic = '', consumer } = queue;
    if (kind !== 'parked' && kind !== 'stream-failures')
      return holdsFailedWakeUps(queue) && consumer === name;
    return (publisher ?? publishers.get(topic)) === name;
  };
  const names = new Set([...ours, ...edges.flatMap(({ from, to }) => [from, to])]);
  const nodes = [...names].map((name) => ({
    name,
    ours: ours.has(name),
    ownQueues: queues.filter((queue) => isOwn(queue, name)).map((queue) => queue.name),
  }));
  return { nodes, edges };
};

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Box>;
  readonly queues: ReadonlyMap<string, Box>;
  /** SVG paths by queue: into the queue's box, and out of it to the consumer. */
  readonly paths: ReadonlyMap<string, { readonly into: string; readonly out: string }>;
}

export const NODE_SIZE = { width: 184, height: 72 } as const;
export const QUEUE_SIZE = { width: 262, height: 48 } as const;
const MARGIN = 12;

/** Places services in columns by who publishes to whom; each subscription's queue stands on its way. */
export const layOutGraph = ({ nodes, edges }: GraphModel): GraphLayout => {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 22, edgesep: 18, ranksep: 70, marginx: MARGIN, marginy: MARGIN });
  for (const { name } of nodes) graph.setNode(name, { ...NODE_SIZE });
  for (const { from, to, queue } of edges) graph.setEdge(from, to, { ...QUEUE_SIZE, labelpos: 'c' }, queue);
  layout(graph);

  const boxes = new Map(nodes.map(({ name }) => [name, boxOf(graph.node(name), NODE_SIZE)]));
  const queues = new Map(
    edges.map(({ from, to, queue }) => [queue, boxOf(graph.edge(from, to, queue), QUEUE_SIZE)]),
  );
  const turns = new Map(
    edges.map(({ from, to, queue }) => [queue, graph.edge(from, to, queue).points?.slice(1, -1) ?? []]),
  );
  const { width = 0, height = 0 } = graph.graph();
  return { width, height, nodes: boxes, queues, paths: connect(edges, boxes, queues, turns) };
};

const boxOf = (
  centre: { readonly x?: number | undefined; readonly y?: number | undefined },
  size: { readonly width: number; readonly height: number },
): Box => ({ x: (centre.x ?? 0) - size.width / 2, y: (centre.y ?? 0) - size.height / 2, ...size });

interface Point {
  readonly x: number;
  readonly y: number;
}

interface End {
  readonly queue: string;
  /** The side of the service's box. */
  readonly side: string;
  readonly y: number;
}

const connect = (
  edges: readonly GraphEdge[],
  boxes: ReadonlyMap<string, Box>,
  queues: ReadonlyMap<string, Box>,
  turns: ReadonlyMap<string, readonly Point[]>,
): GraphLayout['paths'] => {
  const ends: End[] = [];
  const sideOf = (name: string, queue: Box): string => {
    const box = boxes.get(name);
    return `${name} ${box && queue.x + queue.width / 2 < box.x + box.width / 2 ? 'left' : 'right'}`;
  };
  for (const { queue, from, to } of edges) {
    const box = queues.get(queue);
    if (!box) continue;
    ends.push({ queue: `${queue} into`, side: sideOf(from, box), y: box.y });
    ends.push({ queue: `${queue} out`, side: sideOf(to, box), y: box.y });
  }
  // The lines of one side stand apart, in the order of the queues they lead to.
  const port = (end: string): { x: number; y: number; left: boolean } => {
    const own = ends.find(({ queue }) => queue === end);
    const [name = '', side = ''] = own?.side.split(/ (?=left$|right$)/) ?? [];
    const box = boxes.get(name) ?? { x: 0, y: 0, width: 0, height: 0 };
    const onSide = ends.filter((other) => other.side === own?.side).toSorted((a, b) => a.y - b.y);
    const place = (onSide.findIndex(({ queue }) => queue === end) + 1) / (onSide.length + 1);
    const left = side === 'left';
    return { x: left ? box.x : box.x + box.width, y: box.y + box.height * place, left };
  };
  return new Map(
    edges.flatMap(({ queue }) => {
      const box = queues.get(queue);
      if (!box) return [];
      const y = box.y + box.height / 2;
      const start = port(`${queue} into`);
      const end = port(`${queue} out`);
      const entry = { x: start.left ? box.x + box.width : box.x, y };
      const exit = { x: end.left ? box.x + box.width : box.x, y };
      const into = curve(start, between(turns.get(queue), start, entry), entry);
      const out = curve(exit, between(turns.get(queue), exit, end), end);
      return [[queue, { into, out }] as const];
    }),
  );
};

/** Where a long line passes other boxes: dagre's points that lie on this part of it. */
const between = (turns: readonly Point[] = [], from: Point, to: Point): readonly Point[] => {
  const [low, high] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const inside = turns.filter(({ x }) => x > low + MARGIN && x < high - MARGIN);
  return inside.toSorted((a, b) => (from.x < to.x ? a.x - b.x : b.x - a.x));
};

/** A curve that is level at its ends and at each turn. */
const curve = (from: Point, turns: readonly Point[], to: Point): string => {
  let at = from;
  let path = `M${from.x} ${from.y}`;
  for (const next of [...turns, to]) {
    const middle = (at.x + next.x) / 2;
    path += ` C${middle} ${at.y} ${middle} ${next.y} ${next.x} ${next.y}`;
    at = next;
  }
  return path;
};
