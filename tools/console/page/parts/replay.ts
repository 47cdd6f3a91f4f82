import { useState } from 'preact/hooks';
import type { OrderDetail } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { counted } from '../model/format.ts';
import { ActionButton } from './action-button.ts';
import { whyReadOnly } from './basics.ts';
import { Dialog } from './dialog.ts';

interface Props {
  readonly orderId: string;
  readonly targets: OrderDetail['replayTargets'];
  readonly onDone: () => void;
}

/** Sends the newest event of an order to one subscription again. */
export const Replay = ({ orderId, targets, onDone }: Props): VNode => {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState('');
  const pairs = targets.flatMap(({ topic, queues }) => queues.map((queue) => ({ topic, queue })));
  const target = pairs.find(({ queue }) => queue === chosen) ?? pairs[0];
  const why = whyReadOnly() || (target ? '' : 'It has published no event yet.');

  const run = async (): Promise<string> => {
    if (!target) return '';
    const { sent } = await actions.replayOrder(orderId, target);
    setOpen(false);
    onDone();
    return `Sent ${counted(sent, 'event')} to ${target.queue} again.`;
  };

  return html`<button type="button" class="btn" disabled=${Boolean(why)} title=${why || undefined}
      onClick=${() => setOpen(true)}>Replay …</button>
    ${
      open
        ? h(
            Dialog,
            { title: 'Replay the newest event', onClose: () => setOpen(false) },
            html`<p>The newest event of a topic is sent to one subscription once more. Consumers ignore what they know already, so nothing happens twice.</p>
              <fieldset><legend>To which subscription</legend>${pairs.map(
                (
                  pair,
                ) => html`<label class="radio"><input type="radio" name="queue" checked=${pair === target}
                  onChange=${() => setChosen(pair.queue)} /> ${pair.queue} <span class="soft">${pair.topic}</span></label>`,
              )}</fieldset>
              <div class="actions">${h(ActionButton, { label: 'Replay', kind: 'primary', run })}
                <button type="button" class="btn" onClick=${() => setOpen(false)}>Close</button></div>`,
          )
        : null
    }`;
};
