import { readFileSync } from 'node:fs';

/** In what share of the time this thread had something to do and no processor to do it on; `null` where the kernel does not count it. */
export class Waits {
  readonly #since = performance.now();
  readonly #before = waitedMs();

  get share(): number | null {
    const now = waitedMs();
    return now === undefined || this.#before === undefined ? null : (now - this.#before) / (performance.now() - this.#since);
  }
}

/** In the run queue, since the thread began. */
function waitedMs(): number | undefined {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return undefined;
  }
}
