/** Who listens to what: names of channels to sets of subscribers. Empty channels disappear. */
export class Hub<S> {
  readonly #channels = new Map<string, Set<S>>();
  readonly #onFirst: (channel: string) => void;
  readonly #onEmpty: (channel: string) => void;

  /** @param onFirst, onEmpty called when a channel gets its first and loses its last subscriber */
  constructor(onFirst: (channel: string) => void = () => {}, onEmpty: (channel: string) => void = () => {}) {
    this.#onFirst = onFirst;
    this.#onEmpty = onEmpty;
  }

  add(channel: string, subscriber: S): void {
    const existing = this.#channels.get(channel);
    if (existing) {
      existing.add(subscriber);
      return;
    }
    this.#channels.set(channel, new Set([subscriber]));
    this.#onFirst(channel);
  }

  remove(channel: string, subscriber: S): void {
    const subscribers = this.#channels.get(channel);
    if (!subscribers?.delete(subscriber) || subscribers.size > 0) return;
    this.#channels.delete(channel);
    this.#onEmpty(channel);
  }

  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  /** Subscribers of a channel, in the order in which they came. */
  of(channel: string): Iterable<S> {
    return this.#channels.get(channel) ?? NOBODY;
  }

  get channels(): readonly string[] {
    return [...this.#channels.keys()];
  }
}

const NOBODY: readonly never[] = Object.freeze([]);
