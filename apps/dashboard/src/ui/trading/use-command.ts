import { useState } from 'preact/hooks';

export interface Command {
  readonly busy: boolean;
  /** Why the last one failed. */
  readonly problem: string | null;
  /** Runs it; true when it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** A command that the user gave: what it is doing, and why it failed. */
export function useCommand(): Command {
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>({ busy: false, problem: null });
  return {
    ...state,
    async run(work) {
      setState({ busy: true, problem: null });
      try {
        await work();
        setState({ busy: false, problem: null });
        return true;
      } catch (error) {
        setState({ busy: false, problem: (error as Error).message });
        return false;
      }
    },
  };
}
