import { readFileSync } from 'node:fs';

/**
 * How long this thread waits for a processor each time that it has something to do, us; `null` where the kernel does not count it. A
 * few on a machine at rest, hundreds when others keep the processors busy.
 */
export class Waits {
  readonly #before = read();

  get perTurn(): number | null {
    const now = read();
    if (now === undefined || this.#before === undefined) return null;
    return (now.waited - this.#before.waited) / 1000 / Math.max(1, now.turns - this.#before.turns);
  }
}

/** ns in the run queue, and how often it was left. */
function read(): { waited: number; turns: number } | undefined {
  try {
    const [, waited, turns] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ').map(Number);
    return { waited: waited!, turns: turns! };
  } catch {
    return undefined;
  }
}
