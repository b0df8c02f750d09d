import { type ChannelSpec, channelName } from '@speed-protocol/protocol';
import { Cell, type FrameBatch } from './cell.js';
import type { MarketRef } from './choice.js';
import type { Gateway } from './gateway.js';
import { LiveMarket } from './market.js';

/** One feed that a part of the page wants, e.g. `{ feed: 'book', levels: 100 }`. */
export type FeedWish = Pick<ChannelSpec, 'feed' | 'levels' | 'interval'>;

interface Open {
  wanted: number;
  readonly close: () => void;
}

/** The markets on the page. Each channel is subscribed once, however many parts of the page want it. */
export class Markets {
  readonly #gateway: Gateway;
  readonly #batch: FrameBatch;
  readonly #now: () => number;
  readonly #markets = new Map<string, LiveMarket>();
  readonly #open = new Map<string, Open>();

  constructor(gateway: Gateway, batch: FrameBatch, now: () => number) {
    this.#gateway = gateway;
    this.#batch = batch;
    this.#now = now;
  }

  /** The state of one market; the same object for the same market. */
  get(ref: MarketRef): LiveMarket {
    const key = `${ref.venue}:${ref.symbol}`;
    const market = this.#markets.get(key) ?? new LiveMarket(ref, new Cell(this.#batch));
    this.#markets.set(key, market);
    return market;
  }

  /** Keeps feeds of a market running until the returned function is called. */
  watch(ref: MarketRef, wishes: readonly FeedWish[]): () => void {
    const closers = wishes.map((wish) => this.#want(this.get(ref), { venue: ref.venue, symbol: ref.symbol, ...wish }));
    return () => {
      for (const close of closers.splice(0)) close();
    };
  }

  #want(market: LiveMarket, spec: ChannelSpec): () => void {
    const channel = channelName(spec);
    const open = this.#open.get(channel) ?? { wanted: 0, close: this.#subscribe(market, spec) };
    open.wanted++;
    this.#open.set(channel, open);
    return () => {
      if (--open.wanted > 0) return;
      this.#open.delete(channel);
      open.close();
      market.forget(spec.feed);
    };
  }

  #subscribe(market: LiveMarket, spec: ChannelSpec): () => void {
    return this.#gateway.subscribe(
      spec,
      (message) => market.apply(spec.feed, message, this.#now()),
      (error) => market.fail(spec.feed, error.message),
    );
  }
}
