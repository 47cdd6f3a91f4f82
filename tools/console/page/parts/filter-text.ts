import { useEffect, useRef, useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { param, setParams } from '../route.ts';
import { inputValue } from './basics.ts';

interface Props {
  readonly label: string;
  /** The parameter of the address that holds the text. */
  readonly name: string;
  readonly placeholder?: string;
  readonly narrow?: boolean;
}

const PAUSE_MS = 250;

/** A text field whose value stands in the address, a moment after it was typed. */
export const FilterText = ({ label, name, placeholder, narrow }: Props): VNode => {
  const inAddress = param(name);
  const [text, setText] = useState(inAddress);
  const sent = useRef(inAddress);

  useEffect(() => {
    // The address changed by other means, such as the back button.
    if (inAddress !== sent.current) {
      sent.current = inAddress;
      setText(inAddress);
    }
  }, [inAddress]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      setParams({ [name]: text }, false);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, name]);

  return html`<label class="field ${narrow ? 'narrow' : 'grow'}"><span>${label}</span>
    <input type="text" value=${text} placeholder=${placeholder} autocomplete="off" spellcheck=${false}
      onInput=${(event: Event) => setText(inputValue(event))} /></label>`;
};
