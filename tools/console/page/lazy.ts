import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asProblem, type Problem } from './client.ts';
import { h, html, type VNode } from './html.ts';
import { loadingNote, problemNote } from './parts/basics.ts';

/** A component in a bundle of its own, loaded when it is first shown. */
export const lazy = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> => {
  let loaded: ComponentType<Props> | undefined;
  return (props: Props): VNode => {
    const [problem, setProblem] = useState<Problem>();
    const [, redraw] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          redraw(true);
        },
        (error) => setProblem(asProblem(error)),
      );
    }, []);
    if (loaded) return h(loaded, props);
    return html`${problemNote(problem)}${loadingNote(!problem)}`;
  };
};
