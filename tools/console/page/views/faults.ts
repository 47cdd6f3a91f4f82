import { useState } from 'preact/hooks';
import type { ActiveFault, Fault, FunctionRow } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { faults, pulse } from '../live.ts';
import { FAULT_KINDS, isDelay, isOfFunction, makeFault } from '../model/fault-form.ts';
import { counted, duration } from '../model/format.ts';
import { faultText, remaining } from '../model/queues.ts';
import { ActionButton } from '../parts/action-button.ts';
import { empty, has, heading, inputValue, panel, problemNote, select, whyAbsent } from '../parts/basics.ts';
import { useData } from '../use-data.ts';

export const Faults = (): VNode =>
  has('faults')
    ? h(FaultSwitch, {})
    : html`${heading('Faults')}${empty(whyAbsent('faults', 'Nothing can be made to fail here.'))}`;

const FaultSwitch = (): VNode => {
  const active = faults.value.faults;
  return html`
    ${heading('Faults')}
    <p class="lead">Let something fail for a while and see how the platform takes it. A fault ends by itself.</p>
    ${panel('Start a fault', h(FaultForm, {}))}
    ${panel(`On now (${active.length})`, active.length > 0 ? list(active) : empty('Nothing fails on purpose.'))}
    <p class="empty">To stop a whole service, use its button in the <a href="/">list of services</a>.</p>`;
};

const FaultForm = (): VNode => {
  const functions = useData<readonly FunctionRow[]>('/api/functions');
  const [kind, setKind] = useState<Fault['kind']>('fail-function');
  const [chosen, setChosen] = useState('');
  const [delaySeconds, setDelaySeconds] = useState('2');
  const [seconds, setSeconds] = useState('60');
  const queues =
    pulse.value?.queues.filter(({ kind }) => kind === 'subscription' || kind === 'wake-ups') ?? [];
  const names = (isOfFunction(kind) ? functions.value : queues)?.map(({ name }) => name) ?? [];
  const name = names.includes(chosen) ? chosen : (names[0] ?? '');
  const run = async (): Promise<string> => {
    const { fault } = await actions.startFault({
      fault: makeFault(kind, name, Number(delaySeconds) * 1000),
      seconds: Number(seconds),
    });
    return `Started: ${faultText(fault)}.`;
  };
  const isPositive = (text: string): boolean => Number(text) > 0;
  const missing = !name
    ? 'There is nothing that could fail yet.'
    : isPositive(seconds) && (!isDelay(kind) || isPositive(delaySeconds))
      ? undefined
      : 'Enter how long, in seconds.';
  return html`${problemNote(functions.problem)}<div class="form faults">
    ${select('What', kind, FAULT_KINDS, (value) => setKind(FAULT_KINDS.find(([each]) => each === value)?.[0] ?? kind))}
    ${select(
      isOfFunction(kind) ? 'Function' : 'Queue',
      name,
      names.map((each) => [each, each] as const),
      setChosen,
    )}
    ${isDelay(kind) ? number('Late by (seconds)', delaySeconds, setDelaySeconds) : null}
    ${number('For (seconds)', seconds, setSeconds)}
    <div class="actions">${h(ActionButton, { label: 'Start the fault', kind: 'primary', disabled: missing, run })}</div>
  </div>`;
};

const number = (label: string, value: string, onInput: (value: string) => void): VNode =>
  html`<label class="field"><span>${label}</span><input type="number" min="1" value=${value}
    onInput=${(event: Event) => onInput(inputValue(event))} /></label>`;

const list = (active: readonly ActiveFault[]): VNode => {
  const now = faults.value.at;
  return html`<ul class="plain">${active.map(
    (fault) => html`<li key=${fault.id}><div class="actions"><span>${faultText(fault.fault)}${', '}
      <span class="soft">${duration(Math.ceil(remaining(fault, now) / 1000) * 1000)} left, struck ${fault.struck}×</span></span>
      ${h(ActionButton, {
        label: 'Clear',
        kind: 'small',
        describe: faultText(fault.fault),
        run: async () => {
          const { cleared } = await actions.clearFaults({ id: fault.id });
          return `Cleared ${counted(cleared, 'fault')}.`;
        },
      })}</div></li>`,
  )}</ul>`;
};
