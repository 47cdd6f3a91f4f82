import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asProblem, get, type Problem } from './client.ts';
import { about, pausedAt } from './live.ts';

export interface Data<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * What the server answers to a path, asked again each `every` milliseconds while the page is visible and not paused.
 * On AWS, where each look costs, it is asked again only by `reload`.
 * @param path nothing is asked while it is ''
 */
export const useData = <T>(path: string, every = 0): Data<T> => {
  const [state, setState] = useState<{ path: string; value?: T; problem?: Problem }>({ path: '' });
  const [asked, setAsked] = useState(0);
  const reload = useCallback(() => setAsked((n) => n + 1), []);
  /** Ends what is under way; undefined when nothing is. */
  const running = useRef<AbortController>(undefined);
  const repeated = path !== '' && every > 0 && about.value?.mode === 'local';

  const load = useCallback(async (): Promise<void> => {
    const stop = new AbortController();
    running.current?.abort();
    running.current = stop;
    try {
      const value = await get<T>(path, stop.signal);
      if (!stop.signal.aborted) setState({ path, value });
    } catch (error) {
      if (!stop.signal.aborted) setState((old) => ({ ...old, path, problem: asProblem(error) }));
    }
    if (running.current === stop) running.current = undefined;
  }, [path]);

  useEffect(() => {
    if (path) void load();
    return () => running.current?.abort();
  }, [load, path, asked]);

  useEffect(() => {
    if (!repeated) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && !pausedAt.peek() && !running.current) void load();
    }, every);
    return () => clearInterval(timer);
  }, [load, repeated, every]);

  const current = state.path === path;
  return {
    value: state.value,
    problem: current ? state.problem : undefined,
    loading: path !== '' && !current,
    reload,
  };
};
