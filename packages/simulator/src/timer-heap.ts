export interface Timer {
  readonly time: number;
  readonly run: () => void;
}

interface Entry extends Timer {
  readonly order: number;
  cancelled: boolean;
}

/** A binary heap of timers by (instant, order of arrival). Cancelled entries leave when they surface. */
export class TimerHeap {
  readonly #heap: Entry[] = [];
  #added = 0;
  #live = 0;

  get size(): number {
    return this.#live;
  }

  /** Instant of the first timer, or `Infinity`. */
  get nextTime(): number {
    this.#dropCancelled();
    return this.#heap[0]?.time ?? Number.POSITIVE_INFINITY;
  }

  /** @returns a function that cancels, callable any number of times */
  add(time: number, run: () => void): () => void {
    const entry: Entry = { time, run, order: this.#added++, cancelled: false };
    this.#heap.push(entry);
    this.#live++;
    this.#siftUp(this.#heap.length - 1);
    return () => {
      if (entry.cancelled) return;
      entry.cancelled = true;
      this.#live--;
    };
  }

  /** Removes and returns the first timer at or before `time`. */
  takeUntil(time: number): Timer | undefined {
    this.#dropCancelled();
    const first = this.#heap[0];
    if (!first || first.time > time) return undefined;
    this.#pop();
    first.cancelled = true;
    this.#live--;
    return first;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#siftDown(0);
    }
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    const entry = heap[start]!;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    const entry = heap[start]!;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, entry)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
