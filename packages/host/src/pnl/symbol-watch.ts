import type { Decimal, Fill, Position } from '@speed-protocol/core';
import { fillsSince } from '../desk/fill-pages.js';
import { FundingLog } from './funding-log.js';
import { SymbolLots } from './symbol-lots.js';
import type { MonitorParts } from './types.js';

/** What profit and loss in one instrument is made of: fills, price, funding; one for all who watch it. */
export class SymbolWatch implements Disposable {
  lots: SymbolLots | null = null;
  funding: FundingLog | null = null;
  price: Decimal | null = null;
  #users = 0;
  #ended = false;
  #stopPrice: () => void = () => {};
  readonly #ready: Promise<void>;

  constructor(
    private readonly parts: MonitorParts,
    private readonly symbol: string,
    private readonly onChange: () => void,
  ) {
    this.#ready = this.#begin();
    this.#ready.catch((err: unknown) => parts.logger.error({ err, symbol }, 'profit and loss cannot be watched'));
  }

  /** One user more; `then` runs once everything is known, at once when it is already. */
  use(then: () => void): void {
    this.#users++;
    void this.#ready.then(
      () => !this.#ended && then(),
      () => {},
    );
  }

  /** One user less; true when none is left. */
  leave(): boolean {
    return --this.#users === 0;
  }

  /** Looks at an order of the desk again. */
  learn(clientOrderId: string): void {
    let news = false;
    for (const fill of this.parts.desk.fills(clientOrderId)) news = this.#add(fill) || news;
    // An order that ends may close what it opened: nothing more comes.
    if (news || this.lots) this.onChange();
  }

  take(fill: Fill): void {
    if (this.#add(fill)) this.onChange();
  }

  /** A closed position with lots left means that somebody's fill was never told. */
  compare({ amount }: Position): void {
    if (!/[1-9]/.test(amount)) this.fetch();
  }

  /** Asks for the fills of the account, those of others included, since the first that is known. */
  fetch(): void {
    this.#fetch().catch((err: unknown) => this.parts.logger.warn({ err, symbol: this.symbol }, 'fills could not be read'));
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#stopPrice();
    this.funding?.[Symbol.dispose]();
  }

  async #begin(): Promise<void> {
    const { desk, connector, clock, logger } = this.parts;
    const lots = new SymbolLots(await this.parts.instrument(this.symbol));
    if (this.#ended) return;
    this.lots = lots;
    const perpetual = lots.instrument.kind === 'perpetual';
    this.funding = new FundingLog(perpetual ? connector.funding : undefined, lots, { clock, logger, onChange: this.onChange });
    for (const { symbol, clientOrderId } of desk.orders()) {
      if (symbol === this.symbol) for (const fill of desk.fills(clientOrderId)) this.#add(fill);
    }
    this.#stopPrice = this.parts.watchPrice(this.symbol, (price) => {
      this.price = price;
      this.onChange();
    });
  }

  async #fetch(): Promise<void> {
    const { trading } = this.parts.connector;
    const since = this.lots?.firstTime ?? null;
    if (since === null || !trading) return;
    for await (const fill of fillsSince((query) => trading.fills(this.symbol, query), since)) this.take(fill);
  }

  #add(fill: Fill): boolean {
    if (!this.lots?.add(fill)) return false;
    this.funding?.need(fill.time);
    return true;
  }
}
