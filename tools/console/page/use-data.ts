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
  const running = useRef(false);

  useEffect(() => {
    if (!path) return;
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      if (running.current) return;
      running.current = true;
      try {
        const value = await get<T>(path, stop.signal);
        if (!stop.signal.aborted) setState({ path, value });
      } catch (error) {
        if (!stop.signal.aborted) setState((old) => ({ ...old, path, problem: asProblem(error) }));
      } finally {
        running.current = false;
      }
    };
    running.current = false;
    void load();
    const repeated = every > 0 && about.peek()?.mode !== 'aws';
    const timer = repeated
      ? setInterval(() => {
          if (document.visibilityState === 'visible' && !pausedAt.peek()) void load();
        }, every)
      : undefined;
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [path, every, asked]);

  const current = state.path === path;
  return {
    value: state.value,
    problem: current ? state.problem : undefined,
    loading: path !== '' && !current,
    reload,
  };
};
