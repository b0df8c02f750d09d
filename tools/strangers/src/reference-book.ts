/** `[price, size]` as sent. */
export type WireLevel = readonly (string | number)[];

/** A difference as the venue sends it. */
export interface WireDelta {
  readonly U: number;
  readonly u: number;
  readonly pu?: number | undefined;
  readonly b: readonly WireLevel[];
  readonly a: readonly WireLevel[];
}

/** A snapshot as the venue sends it. */
export interface WireSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
}

/**
 * The venue's documented recipe for a local book and nothing more, for clients that hand out frames but keep no book. Throws
 * where the recipe says "start over".
 */
export class ReferenceBook {
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  #sequence: number;
  #applied = 0;

  constructor(snapshot: WireSnapshot) {
    this.#sequence = snapshot.lastUpdateId;
    set(this.#bids, snapshot.bids);
    set(this.#asks, snapshot.asks);
  }

  /** Update id of the last message in the book. */
  get sequence(): number {
    return this.#sequence;
  }

  get applied(): number {
    return this.#applied;
  }

  /** @returns false when the message is older than the book */
  apply(delta: WireDelta): boolean {
    if (delta.u < this.#sequence || (delta.pu === undefined && delta.u === this.#sequence)) return false;
    if (!this.#follows(delta)) throw new Error(`gap: at ${this.#sequence}, got U ${delta.U} u ${delta.u} pu ${delta.pu}`);
    set(this.#bids, delta.b);
    set(this.#asks, delta.a);
    this.#sequence = delta.u;
    this.#applied++;
    return true;
  }

  get bids(): [number, number][] {
    return [...this.#bids].sort((x, y) => y[0] - x[0]);
  }

  get asks(): [number, number][] {
    return [...this.#asks].sort((x, y) => x[0] - y[0]);
  }

  #follows({ U, u, pu }: WireDelta): boolean {
    if (pu === undefined) return U <= this.#sequence + 1;
    return this.#applied === 0 ? U <= this.#sequence && this.#sequence <= u : pu === this.#sequence;
  }
}

function set(side: Map<number, number>, levels: readonly WireLevel[]): void {
  for (const [price, size] of levels) {
    if (Number(size) === 0) side.delete(Number(price));
    else side.set(Number(price), Number(size));
  }
}
