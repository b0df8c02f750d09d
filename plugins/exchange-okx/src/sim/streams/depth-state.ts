import type { MarketText } from '../text.js';
import type { Said, Source } from './channels.js';

type SideName = 'bids' | 'asks';
type Row = readonly [string, string, string, string];
type Side = ReadonlyMap<string, Row>;

/** A book without news says so after this long. */
const HEARTBEAT_MS = 60_000;

/** A channel of books: what its listeners have been told, from which the next difference is made. */
export class DepthState implements Source {
  #sides: Readonly<Record<SideName, Side>>;
  #sequence: number;
  /** When the book told was so, and when it was told. */
  #changedAt: number;
  #saidAt: number;

  constructor(
    private readonly text: MarketText,
    private readonly depth: number,
  ) {
    const { market } = text;
    this.#sides = this.#top();
    this.#sequence = market.book.lastId;
    this.#changedAt = market.changedAt;
    this.#saidAt = market.now();
  }

  /** What the others have been told so far: the next difference follows it. */
  first(): Said {
    const { bids, asks } = this.#sides;
    return this.#said('snapshot', [...bids.values()], [...asks.values()], -1);
  }

  say(): readonly Said[] {
    const { market } = this.text;
    const before = this.#sides;
    const after = market.book.lastId === this.#sequence ? before : this.#top();
    const [bids, asks] = [difference(before.bids, after.bids), difference(before.asks, after.asks)];
    if (bids.length + asks.length === 0) return this.#heartbeat();
    const previous = this.#sequence;
    this.#sides = after;
    this.#sequence = market.book.lastId;
    this.#changedAt = market.changedAt;
    return [this.#said('update', bids, asks, previous)];
  }

  #heartbeat(): readonly Said[] {
    if (this.text.market.now() - this.#saidAt < HEARTBEAT_MS) return [];
    return [this.#said('update', [], [], this.#sequence)];
  }

  #said(action: 'snapshot' | 'update', bids: readonly Row[], asks: readonly Row[], prevSeqId: number): Said {
    this.#saidAt = this.text.market.now();
    // The checksum is 0 since 2026-06-23.
    const row = { asks, bids, ts: String(this.#changedAt), checksum: 0, seqId: this.#sequence, prevSeqId };
    return { action, data: [row] };
  }

  #top(): Readonly<Record<SideName, Side>> {
    const top = this.text.market.book.top(this.depth);
    const side = (name: SideName) => new Map(top[name].map((level) => this.text.level(name, level)).map((row) => [row[0], row]));
    return { bids: side('bids'), asks: side('asks') };
  }
}

/** Levels that are new, other or gone, best first. */
function difference(before: Side, after: Side): Row[] {
  const changed = [...after.values()].filter((row) => {
    const old = before.get(row[0]);
    return old === undefined || old[1] !== row[1] || old[3] !== row[3];
  });
  const gone = [...before.keys()].filter((price) => !after.has(price));
  return [...changed, ...gone.map((price): Row => [price, '0', '0', '0'])];
}
