import type { CommandName, CommandParams, CommandResult } from '@speed-protocol/protocol';
import { useEffect, useState } from 'preact/hooks';
import { useCells, usePage } from '../../ui/context.js';

/** The last answer to a command that is asked again and again; what went wrong since. */
export interface Polled<C extends CommandName> {
  readonly result: CommandResult<C> | undefined;
  readonly problem: string | undefined;
  /** Asks at once. */
  readonly again: () => void;
}

/** Asks every `everyMs` for as long as the component is on the page and the server answers; never twice at a time. */
export function usePolled<C extends CommandName>(command: C, params: CommandParams<C>, everyMs: number): Polled<C> {
  const { gateway, connection } = usePage();
  useCells(connection);
  const [state, setState] = useState<Omit<Polled<C>, 'again'>>({ result: undefined, problem: undefined });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify(params);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const result = await gateway.call(command, params);
        if (!stopped) setState({ result, problem: undefined });
      } catch (error) {
        if (!stopped) setState(({ result }) => ({ result, problem: (error as Error).message }));
      }
      if (!stopped) timer = setTimeout(ask, everyMs);
    };
    if (gateway.connected) void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [command, key, everyMs, turn, gateway.connected]);
  // An answer to other parameters is none.
  useEffect(() => setState({ result: undefined, problem: undefined }), [command, key]);
  return { ...state, again: () => setTurn((count) => count + 1) };
}
