import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { faults } from '../live.ts';
import { counted, duration } from '../model/format.ts';
import { faultText, remaining } from '../model/queues.ts';
import { ActionButton } from './action-button.ts';

/** Seen on every view while something fails on purpose. */
export const FaultBar = (): VNode | null => {
  const now = faults.value;
  if (now.faults.length === 0) return null;
  const clear = async (): Promise<string> => {
    const { cleared } = await actions.clearFaults({});
    return `Cleared ${counted(cleared, 'fault')}.`;
  };
  return html`<aside class="fault-bar" aria-label="Faults that are on">
    <b>Fault on</b>
    <ul>${now.faults.map(
      (active) => html`<li>${faultText(active.fault)}${', '}
        <span class="soft">${duration(Math.ceil(remaining(active, now.at) / 1000) * 1000)} left, struck ${active.struck}×</span></li>`,
    )}</ul>
    ${h(ActionButton, { label: 'Clear faults', run: clear })}
  </aside>`;
};
