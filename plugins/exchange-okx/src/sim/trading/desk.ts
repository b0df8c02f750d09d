import type { Account, Accounts, LedgerEntry, Market, UserOrder, UserOrderRef } from '@speed-protocol/simulator';
import type { RouteContext } from '../rest/route.js';
import type { MarketText } from '../text.js';
import { say } from '../venue-error.js';

export type FillRecord = Extract<LedgerEntry, { kind: 'fill' }>;

/** What an order said that has no meaning to the market. */
export interface WireDetails {
  readonly ordType: string;
  readonly tdMode: string;
  readonly tgtCcy: string;
  readonly tag: string;
  readonly [key: string]: string | number | boolean;
}

/** The venue's countdown over all orders of an account. */
interface Countdown {
  cancel(): void;
}

/** The trading half of the venue: its accounts, and what it remembers of them. */
export class TradingDesk {
  readonly #fills = new Map<string, FillRecord[]>();
  readonly #countdowns = new Map<string, Countdown>();

  constructor(
    readonly context: RouteContext,
    readonly accounts: Accounts,
  ) {
    accounts.ledger.subscribe((entry) => {
      if (entry.kind === 'fill') this.#remember(entry);
    });
  }

  now(): number {
    return this.context.now();
  }

  /** @throws VenueError 51001 */
  market(instId: string): Market {
    const market = this.context.venue.market(instId);
    if (!market) throw say.noInstrument();
    return market;
  }

  text(instId: string): MarketText {
    return this.context.texts.of(this.market(instId));
  }

  /** Fills of an account, oldest first. */
  fills(account: string): readonly FillRecord[] {
    return this.#fills.get(account) ?? [];
  }

  fillsOf({ account, symbol, id }: UserOrder): readonly FillRecord[] {
    return this.fills(account).filter((fill) => fill.symbol === symbol && fill.orderId === id);
  }

  /** The order that a request names. */
  order(account: Account, ref: UserOrderRef): UserOrder | undefined {
    return account.order(ref);
  }

  /** Cancels every open order of an account in `ms`, unless called again before; 0 calls it off. */
  cancelAllAfter(account: Account, ms: number): void {
    this.#countdowns.get(account.id)?.cancel();
    this.#countdowns.delete(account.id);
    if (ms === 0) return;
    const symbols = () => new Set(account.openOrders().map(({ symbol }) => symbol));
    const cancel = this.context.venue.clock.schedule(ms, () => {
      for (const symbol of symbols()) this.accounts.cancelAll(account, symbol);
    });
    this.#countdowns.set(account.id, { cancel });
  }

  #remember(fill: FillRecord): void {
    const fills = this.#fills.get(fill.account) ?? [];
    this.#fills.set(fill.account, fills);
    fills.push(fill);
  }
}
