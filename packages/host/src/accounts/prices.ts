import { add, decimalOf, exact, multiply, toDecimal } from '@speed-protocol/book';
import { type Clock, type Connector, type Decimal, decimal, type FeedName, type Logger, SpeedError } from '@speed-protocol/core';

/** A price is waited for this long before an order is refused for want of it, ms. */
const FIRST_PRICE_MS = 5000;

interface Watched {
  price: Decimal | null;
  users: number;
  readonly listeners: Set<(price: Decimal) => void>;
  subscription: Promise<AsyncDisposable> | null;
}

/** The price of each market that somebody here needs: the venue's mark, on spot the middle of the best prices. */
export class Prices implements AsyncDisposable {
  readonly #watched = new Map<string, Watched>();

  constructor(
    private readonly connector: Connector,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** The latest price; `null` when none is known. */
  latest(symbol: string): Decimal | null {
    return this.#watched.get(symbol)?.price ?? null;
  }

  /** Keeps the price of a symbol current until the returned function is called, and tells it now and on each change. */
  watch(symbol: string, on: (price: Decimal) => void = () => {}): () => void {
    const watched = this.#watched.get(symbol) ?? this.#open(symbol);
    const listener = (price: Decimal) => on(price);
    watched.users++;
    watched.listeners.add(listener);
    if (watched.price !== null) on(watched.price);
    return () => {
      if (!watched.listeners.delete(listener) || --watched.users > 0) return;
      this.#close(symbol, watched);
    };
  }

  /** Resolves with the first known price, or with `null` when none comes in time. */
  first(symbol: string): Promise<Decimal | null> {
    const known = this.latest(symbol);
    if (known !== null) return Promise.resolve(known);
    return new Promise((resolve) => {
      const finish = (price: Decimal | null) => {
        cancel();
        unwatch();
        resolve(price);
      };
      const cancel = this.clock.schedule(FIRST_PRICE_MS, () => finish(null));
      const unwatch = this.watch(symbol, finish);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#watched.values()];
    this.#watched.clear();
    await Promise.all(open.map(closed));
  }

  #open(symbol: string): Watched {
    const watched: Watched = { price: null, users: 0, listeners: new Set(), subscription: null };
    this.#watched.set(symbol, watched);
    watched.subscription = this.#subscribe(symbol, watched);
    watched.subscription.catch((err: unknown) => {
      this.logger.warn({ err, symbol }, 'the price of a market cannot be followed');
      // The next user tries again.
      if (this.#watched.get(symbol) === watched) this.#watched.delete(symbol);
    });
    return watched;
  }

  async #subscribe(symbol: string, watched: Watched): Promise<AsyncDisposable> {
    const { market, capabilities } = this.connector;
    const feeds: readonly FeedName[] = capabilities.market?.feeds ?? [];
    if (!market) throw new SpeedError('unsupported', `${this.connector.venue} has no market data`);
    const take = (price: Decimal | null) => this.#take(watched, price);
    if (feeds.includes('funding'))
      return market.subscribe('funding', symbol, (event) => take(event.type === 'gap' ? null : decimalOf(event.markPrice)));
    return market.subscribe('quote', symbol, (event) => take(event.type === 'gap' ? null : middle(event.bid, event.ask)));
  }

  /** After a gap the price is unknown: an old one is worse than none for whoever checks orders by it. */
  #take(watched: Watched, price: Decimal | null): void {
    if (price === watched.price) return;
    watched.price = price;
    if (price === null) return;
    for (const listener of [...watched.listeners]) listener(price);
  }

  #close(symbol: string, watched: Watched): void {
    if (this.#watched.get(symbol) === watched) this.#watched.delete(symbol);
    closed(watched).catch((err: unknown) => this.logger.warn({ err, symbol }, 'closing a price feed failed'));
  }
}

async function closed({ subscription }: Watched): Promise<void> {
  const open = await subscription?.catch(() => null);
  await open?.[Symbol.asyncDispose]();
}

const HALF = exact(decimal('0.5'));

function middle(bid: number | null, ask: number | null): Decimal | null {
  const [low, high] = [decimalOf(bid), decimalOf(ask)];
  if (low === null || high === null) return low ?? high;
  return toDecimal(multiply(add(exact(low), exact(high)), HALF));
}
