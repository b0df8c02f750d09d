import { add, exact, toDecimal, ZERO } from '@speed-protocol/book';
import type { Connector, Decimal, Instrument } from '@speed-protocol/core';
import type { TradingContext } from '../desk/checks.js';
import type { OrderRequest } from '../desk/types.js';
import type { Holdings } from './holdings.js';
import type { Prices } from './prices.js';
import type { RiskLimits } from './types.js';

/** What the orders of an account are checked against: instrument, limits, the price now, the position now. */
export class Context {
  readonly #instruments = new Map<string, Instrument>();
  readonly #watched = new Set<string>();

  constructor(
    private readonly connector: Connector,
    private readonly holdings: Holdings,
    private readonly prices: Prices,
    private readonly limits: RiskLimits | undefined,
  ) {}

  /**
   * Fetches what checking this order takes and is not known yet.
   * @throws SpeedError `not-found` naming the symbol and the nearest one that exists; what the venue says when it has to be
   *   asked for positions
   */
  async prepare({ symbol, type }: Pick<OrderRequest, 'symbol' | 'type'>): Promise<void> {
    await this.instrumentOf(symbol);
    if (this.#needsHoldings()) await this.holdings.refresh();
    if (!this.#needsPrice(type) || this.prices.latest(symbol) !== null) return;
    if (!this.#watched.has(symbol)) {
      this.#watched.add(symbol);
      this.prices.watch(symbol);
    }
    await this.prices.first(symbol);
  }

  /** True when {@link prepare} has nothing to wait for. */
  ready({ symbol, type }: Pick<OrderRequest, 'symbol' | 'type'>): boolean {
    return (
      this.#instruments.has(symbol) && !this.#needsHoldings() && (!this.#needsPrice(type) || this.prices.latest(symbol) !== null)
    );
  }

  /** @throws SpeedError `not-found` naming the symbol and the nearest one that exists */
  async instrumentOf(symbol: string): Promise<Instrument> {
    const instrument = this.#instruments.get(symbol) ?? (await this.connector.reference.instrument(symbol));
    this.#instruments.set(symbol, instrument);
    return instrument;
  }

  readonly of = (symbol: string): TradingContext | undefined => {
    const instrument = this.#instruments.get(symbol);
    if (!instrument) return undefined;
    const reference = this.prices.latest(symbol) ?? undefined;
    return { instrument, limits: this.limits, reference, position: this.#position(instrument) };
  };

  /** An unknown position allows nothing. */
  #needsHoldings(): boolean {
    return this.limits?.maxPosition !== undefined && !this.holdings.known;
  }

  #needsPrice(type: OrderRequest['type']): boolean {
    const { priceBand, maxOrderValue } = this.limits ?? {};
    return priceBand !== undefined || (maxOrderValue !== undefined && type === 'market');
  }

  /** Contracts of both legs together; on spot what is held of the base. */
  #position({ kind, symbol, base }: Instrument): Decimal | undefined {
    if (kind === 'spot') return this.holdings.balance(base)?.total;
    const legs = this.holdings.legs(symbol);
    return toDecimal(legs.reduce((sum, { amount }) => add(sum, exact(amount)), ZERO));
  }
}
