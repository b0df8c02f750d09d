/** Work on many things that goes on. */
export interface Turns {
  /** Does what is left at once. */
  finish(): void;
  /** Leaves it. */
  cancel(): void;
}

/** Does one thing per turn of the event loop: what comes from the venues in between waits for one of them, not for all. */
export function inTurns<T>(things: Iterator<T>, work: (thing: T) => void): Turns {
  let next: NodeJS.Immediate | undefined;
  const one = (): boolean => {
    const { done, value } = things.next();
    if (done) return false;
    work(value);
    return true;
  };
  const turn = () => {
    next = one() ? setImmediate(turn) : undefined;
  };
  const cancel = () => {
    if (next !== undefined) clearImmediate(next);
    next = undefined;
  };
  turn();
  return {
    cancel,
    finish() {
      cancel();
      while (one());
    },
  };
}
