import { useState } from 'preact/hooks';
import { h, html, type VNode } from '../html.ts';
import { pausedAt, togglePause } from '../live.ts';
import { has, whyReadOnly } from './basics.ts';
import { PlaceOrder } from './place-order.ts';
import { Search } from './search.ts';

export const TopBar = (): VNode => {
  const [placing, setPlacing] = useState(false);
  const why = has('place-orders') ? whyReadOnly() : 'Orders can be placed on the local platform only.';
  return html`<div class="top">
    ${h(Search, {})}
    <button type="button" class="btn" title="Stops and resumes the drawing" onClick=${togglePause}>
      ${pausedAt.value ? 'Resume' : 'Pause'}</button>
    <button type="button" class="btn primary" disabled=${Boolean(why)} title=${why || undefined}
      onClick=${() => setPlacing(true)}>Place an order</button>
    ${placing ? h(PlaceOrder, { onClose: () => setPlacing(false) }) : null}
  </div>`;
};
