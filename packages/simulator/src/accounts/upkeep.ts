import type { FundingSettlement } from '../market/funding.js';
import type { Account } from './account.js';
import type { Floor, OrderDesk } from './desk.js';
import { atMark, marginOf, type Quotes } from './margin.js';
import type { Position } from './position.js';
import type { Settlement } from './settlement.js';

export interface UpkeepOptions {
  readonly desk: OrderDesk;
  readonly settlement: Settlement;
  readonly quotes: Quotes;
  readonly floors: ReadonlyMap<string, Floor>;
}

/** What the venue does by itself: funding, ending orders that lost their position, liquidation. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  /** Accounts whose positions or prices changed since they were looked at. */
  readonly #touched = new Set<Account>();

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  touch(accounts: Iterable<Account | undefined>): void {
    for (const account of accounts) if (account) this.#touched.add(account);
  }

  /** Looks at every touched account; what a liquidation touches is looked at too. */
  run(): void {
    for (const account of this.#touched) {
      this.#touched.delete(account);
      this.#trim(account);
      for (const position of account.positions)
        if (account.isIsolated(position.terms.symbol)) this.#protectOne(account, position);
      for (const asset of new Set(account.positions.map(({ terms }) => terms.settle))) this.#protect(account, asset);
    }
  }

  fund(accounts: Iterable<Account>, floor: Floor, settlement: FundingSettlement): void {
    const markPrice = floor.market.grid.nearestTicks(settlement.markPrice);
    for (const account of accounts) {
      for (const position of account.positions) {
        if (position.terms !== floor.terms || position.size === 0) continue;
        this.#options.settlement.fund(account, position, settlement, markPrice);
        this.touch([account]);
      }
    }
  }

  #trim(account: Account): void {
    for (const { terms } of account.positions) this.#options.desk.trimReducing(account, this.#floor(terms.symbol));
  }

  /**
   * Liquidates when maintenance is no longer covered: orders first, then every position that finds a taker; the others
   * wait for the next price. The house covers a debt.
   */
  #protect(account: Account, asset: string): void {
    const { desk, settlement, quotes } = this.#options;
    const { equity, maintenance } = marginOf(account, asset, quotes, settlement.rates.maintenance);
    const open = account.positions
      .filter(({ terms, size }) => terms.settle === asset && size !== 0 && !account.isIsolated(terms.symbol))
      .filter((position) => desk.canLiquidate(this.#floor(position.terms.symbol), position));
    if (open.length > 0 && equity < maintenance) {
      settlement.ledger.append(account.id, { kind: 'liquidation', asset, equity, maintenance });
      this.#cancelOrders(account, asset);
      for (const position of open) desk.liquidate(account, this.#floor(position.terms.symbol), position);
    }
    const { total } = account.balance(asset);
    const closed = account.positions.every(({ terms, size }) => terms.settle !== asset || size === 0);
    if (closed && total < 0n) settlement.credit(account, asset, -total, 'insurance');
  }

  /** As {@link #protect}, for an isolated position: its wallet is all that it can lose. */
  #protectOne(account: Account, position: Position): void {
    const { desk, settlement, quotes } = this.#options;
    const { terms, size, wallet, realized } = position;
    if (size === 0) return;
    const { unrealized, maintenance } = atMark(position, quotes, settlement.rates.maintenance);
    const floor = this.#floor(terms.symbol);
    const equity = wallet + unrealized;
    if (equity >= maintenance || !desk.canLiquidate(floor, position)) return;
    settlement.ledger.append(account.id, { kind: 'liquidation', asset: terms.settle, equity, maintenance });
    for (const order of account.openOrders(terms.symbol)) desk.cancel(account, floor, order, 'liquidation');
    desk.liquidate(account, floor, position);
    const lost = realized - position.realized - (wallet - position.wallet);
    if (lost > 0n) settlement.credit(account, terms.settle, lost, 'insurance');
  }

  /** Orders that stand on the same balance: those of isolated symbols have margin of their own. */
  #cancelOrders(account: Account, asset: string): void {
    for (const order of account.openOrders()) {
      const floor = this.#floor(order.symbol);
      if (floor.terms.settle !== asset || account.isIsolated(order.symbol)) continue;
      this.#options.desk.cancel(account, floor, order, 'liquidation');
    }
  }

  #floor(symbol: string): Floor {
    return this.#options.floors.get(symbol) as Floor;
  }
}
