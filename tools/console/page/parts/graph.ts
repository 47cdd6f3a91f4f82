import { useMemo } from 'preact/hooks';
import type { QueueState, ServiceState, Topology } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { count, counted } from '../model/format.ts';
import {
  type Box,
  type GraphEdge,
  type GraphLayout,
  type GraphNode,
  graphModel,
  layOutGraph,
} from '../model/graph.ts';
import { byName, deadLettersOf, held, kindName } from '../model/queues.ts';
import { address } from '../model/url-state.ts';

interface Props {
  readonly services: readonly ServiceState[];
  readonly queues: readonly QueueState[];
  readonly topology: Topology | undefined;
}

/** Services, and the subscriptions between them, with their figures. The table below it has the same as text. */
export const Graph = ({ services, queues, topology }: Props): VNode => {
  const model = graphModel(services, queues, topology);
  const structure = JSON.stringify(model);
  const layout = useMemo(() => layOutGraph(model), [structure]);
  const states = byName(queues);
  const byService = new Map(services.map((service) => [service.name, service]));
  return html`<div class="graph scroll">
    <svg viewBox="0 0 ${layout.width} ${layout.height}" width=${layout.width} height=${layout.height}
      role="group" aria-label="Topology: services and the subscriptions between them">
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path class="head" d="M0 0 L8 4 L0 8 z" /></marker></defs>
      ${model.edges.map((edge) => lines(edge, layout, states))}
      ${model.nodes.map((node) => serviceNode(node, layout.nodes.get(node.name), byService.get(node.name), states))}
      ${model.edges.map((edge) => queueNode(edge, layout.queues.get(edge.queue), states))}
    </svg>
  </div>`;
};

type States = ReadonlyMap<string, QueueState>;

const lines = ({ queue }: GraphEdge, layout: GraphLayout, states: States): VNode | null => {
  const paths = layout.paths.get(queue);
  if (!paths) return null;
  const state = states.get(queue);
  const flows = (state?.sentLastMinute ?? 0) > 0 ? 'flows' : '';
  const outside = state?.ours ? '' : 'outside';
  return html`<g class="lines ${flows} ${outside}" aria-hidden="true"><path d=${paths.into} />
    <path d=${paths.out} marker-end="url(#arrow)" /></g>`;
};

const rect = (kind: string, box: Box): VNode =>
  html`<rect class=${kind} x=${box.x} y=${box.y} width=${box.width} height=${box.height} rx="10" />`;

const MOST_LETTERS = 37;
const cut = (text: string): string =>
  text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;

const queueNode = ({ queue }: GraphEdge, box: Box | undefined, states: States): VNode | null => {
  const state = states.get(queue);
  if (!box || !state) return null;
  const letters = deadLettersOf(state, states);
  const dead = letters ? held(letters) : 0;
  const figures = `${count(state.waiting)} waiting, ${count(state.inFlight)} in flight`;
  const right = dead > 0 ? counted(dead, 'dead letter') : `${count(state.sentLastMinute)} / min`;
  return html`<a href=${address(['queues', dead > 0 && letters ? letters.name : queue])}>
    ${queue.length > MOST_LETTERS ? html`<title>${queue}</title>` : null}
    ${rect(`queue ${dead > 0 ? 'dead' : ''} ${state.ours ? '' : 'outside'}`, box)}
    <text x=${box.x + 12} y=${box.y + 20}>${cut(queue)}</text>
    <text class="soft" x=${box.x + 12} y=${box.y + 37}>${figures}</text>
    <text class=${dead > 0 ? 'bad' : 'soft'} x=${box.x + box.width - 12} y=${box.y + 37} text-anchor="end">${right}</text>
  </a>`;
};

const serviceNode = (
  node: GraphNode,
  box: Box | undefined,
  service: ServiceState | undefined,
  states: States,
): VNode | null => {
  if (!box) return null;
  const own = node.ownQueues.flatMap((name) => states.get(name) ?? []);
  const stuck = own.find((queue) => held(queue) > 0);
  const text = (kind: string, line: number, content: string): VNode =>
    html`<text class=${kind} x=${box.x + 14} y=${box.y + 23 + line * 18}>${content}</text>`;
  if (!service) {
    return html`<g>${rect('service outside', box)}${text('name', 0.5, node.name)}${text('soft', 1.5, 'another team')}</g>`;
  }
  const stopped = service.state !== 'running';
  const href = stuck ? address(['queues', stuck.name]) : address(['functions'], { service: node.name });
  const state = stopped ? service.state : `${count(service.invocations)} calls / min`;
  const last = lastLine(service, stuck);
  return html`<a href=${href}>
    ${rect(`service ${stopped ? 'stopped' : ''}`, box)}
    ${text('name', 0, node.name)}
    ${text('soft', 1, state)}
    ${text(last.kind, 2, last.text)}
  </a>`;
};

const lastLine = (
  service: ServiceState,
  stuck: QueueState | undefined,
): { readonly kind: 'bad' | 'soft'; readonly text: string } => {
  if (stuck) {
    const what = stuck.kind === 'parked' ? 'parked' : kindName(stuck);
    return { kind: 'bad', text: `${count(held(stuck))} ${what}` };
  }
  if (service.errors > 0) return { kind: 'bad', text: `${counted(service.errors, 'error')} / min` };
  return { kind: 'soft', text: counted(service.functions, 'function') };
};
