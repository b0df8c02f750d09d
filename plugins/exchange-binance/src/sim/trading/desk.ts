import type { Account, Accounts, Listing, Market, Terms, UserOrder } from '@speed-protocol/simulator';
import type { ListenKeys } from '../private/listen-keys.js';
import type { UserFeed } from '../private/user-feed.js';
import type { Product } from '../products.js';
import type { RouteContext } from '../rest/route.js';
import type { MarketText } from '../text.js';
import { say } from '../venue-error.js';
import { Amendments } from './amendments.js';
import type { OrderCounts } from './order-counts.js';
import { Records } from './records.js';

/** Dollars in every asset that an account starts with. */
const DEPOSIT = 10_000_000;

/** The trading half of one product: its accounts, and what the venue remembers of them. */
export class TradingDesk {
  readonly accounts: Accounts;
  readonly records: Records;
  readonly context: RouteContext;
  readonly counts: OrderCounts;
  /** Tells accounts what happens to them; set once, as {@link listenKeys}. */
  feed!: UserFeed;
  /** Futures only hand them out. */
  listenKeys!: ListenKeys;
  readonly amendments = new Amendments();
  readonly #cancelIds = new Map<string, string>();

  constructor(context: RouteContext, counts: OrderCounts, accounts: Accounts) {
    this.context = context;
    this.counts = counts;
    this.accounts = accounts;
    this.records = new Records(accounts);
    if (this.spot) this.records.onFirstFill((account) => counts.forgive(account, this.now()));
  }

  get product(): Product {
    return this.context.product;
  }

  get spot(): boolean {
    return this.product.family === 'spot';
  }

  /** Desks of both futures products of the simulation, this one included; they share the position mode. */
  get futures(): readonly TradingDesk[] {
    return this.context.relatives.filter(({ spot }) => !spot);
  }

  /** Every asset that can be held here. */
  get assets(): readonly string[] {
    const { listings } = this.context.venue;
    if (!this.spot) return [...new Set(listings.map(({ settle }) => settle!))];
    return [...new Set(listings.flatMap(({ base, quote }) => [base, quote]))];
  }

  /** A number that goes with an account. */
  uidOf({ credentials }: Account): number {
    return Number.parseInt(credentials.apiKey.slice(0, 6), 36);
  }

  aliasOf({ credentials }: Account): string {
    return credentials.apiKey.slice(0, 8);
  }

  /** How many of something may be open, where order limits are widened; never fewer than the venue's number. */
  atMost(limit: number): number {
    return limit * Math.max(1, this.counts.factor);
  }

  /** The venue's clock, whole ms. */
  now(): number {
    return this.context.now();
  }

  /** @throws VenueError -1121 */
  market(symbol: string): Market {
    return this.context.market(symbol);
  }

  text(symbol: string): MarketText {
    return this.context.text(this.market(symbol));
  }

  /** @throws VenueError -1121 */
  terms(symbol: string): Terms {
    const terms = this.accounts.terms(symbol);
    if (!terms) throw say.badSymbol();
    return terms;
  }

  /** An id for a cancel that came without one. */
  drawCancelId(): string {
    return this.accounts.drawClientId();
  }

  /** Remembers the id that a cancel came with: on spot it takes the place of the order's own in what is told of the cancel. */
  nameCancel({ symbol, id }: Pick<UserOrder, 'symbol' | 'id'>, cancelId: string): void {
    this.#cancelIds.set(`${symbol}/${id}`, cancelId);
  }

  /** The id of the request that canceled an order; `undefined` when the venue ended it by itself. */
  cancelIdOf({ symbol, id }: Pick<UserOrder, 'symbol' | 'id'>): string | undefined {
    return this.#cancelIds.get(`${symbol}/${id}`);
  }
}

/** What a new account gets: about {@link DEPOSIT} dollars of everything that can be traded or pledged. */
export function ampleDeposits(listings: readonly Listing[]): Record<string, string> {
  const deposits: Record<string, string> = {};
  for (const { kind, base, quote, settle, inverse, price, quoteValue = 1 } of listings) {
    const cash = kind === 'spot' ? quote : settle!;
    if (inverse || kind === 'spot') deposits[base] ??= roundAmount(DEPOSIT / (price * quoteValue));
    if (!inverse && quoteValue === 1) deposits[cash] ??= String(DEPOSIT);
  }
  return deposits;
}

/** One digit and zeros. */
function roundAmount(amount: number): string {
  const unit = 10 ** Math.floor(Math.log10(amount));
  return String(Math.round(amount / unit) * unit);
}
