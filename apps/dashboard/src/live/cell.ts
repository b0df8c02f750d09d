/** Schedules one flush; `requestAnimationFrame` in the page, injected in tests. */
export type FrameScheduler = (flush: () => void) => void;

/**
 * Batches change notices: however many messages arrive between two frames of the screen, each listener runs once per
 * frame. A hidden page gets no frames and so does no work; it catches up when it is shown again.
 */
export class FrameBatch {
  readonly #dirty = new Set<Cell>();
  readonly #schedule: FrameScheduler;
  #scheduled = false;

  constructor(schedule: FrameScheduler) {
    this.#schedule = schedule;
  }

  mark(cell: Cell): void {
    this.#dirty.add(cell);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const cells = [...this.#dirty];
    this.#dirty.clear();
    for (const listener of new Set(cells.flatMap((cell) => [...cell.listeners]))) listener();
  }
}

/** Something on the page that changes: data is written in place, then `touch()` tells whoever shows it. */
export class Cell {
  readonly listeners = new Set<() => void>();
  readonly #batch: FrameBatch;

  constructor(batch: FrameBatch) {
    this.#batch = batch;
  }

  touch(): void {
    if (this.listeners.size > 0) this.#batch.mark(this);
  }

  /** Calls `listener` once per frame after changes, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
