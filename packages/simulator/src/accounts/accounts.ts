import { decimal, SpeedError, toScaled } from '@speed-protocol/core';
import type { Market } from '../market/market.js';
import type { Random } from '../random.js';
import type { Venue } from '../venue.js';
import { Account, drawText } from './account.js';
import { type ConditionalOrder, ConditionalOrders, type ConditionalRequest } from './conditional.js';
import { Countdowns } from './countdown.js';
import { type AmendRequest, type Floor, OrderDesk } from './desk.js';
import { Ledger, type OrderCause } from './ledger.js';
import { initialMargin, type Margin, marginOf, type PositionRisk, type Quotes, riskOf } from './margin.js';
import type { Position } from './position.js';
import { Settlement } from './settlement.js';
import { MONEY_SCALE, RATE_SCALE, Terms } from './terms.js';
import { reaches, Triggers } from './triggers.js';
import type {
  AccountRates,
  Answer,
  Condition,
  OrderRequest,
  RefusalReason,
  UserOrder,
  UserOrderRef,
  UserOrderStatus,
} from './types.js';
import { Upkeep } from './upkeep.js';

export interface AccountsOptions {
  /** Fee fractions as decimal text; defaults 0.0002 and 0.0005. */
  readonly makerFee?: string | undefined;
  readonly takerFee?: string | undefined;
  /** Maintenance margin as a fraction of the value at mark; default 0.004. */
  readonly maintenance?: string | undefined;
  /** Letters and digits in an API key and in a secret; default 64. */
  readonly keyLength?: number | undefined;
  /** Whether credentials have a password; default false. */
  readonly password?: boolean | undefined;
  /** Where credentials are drawn from; venues that are given the same know an account by the same key. */
  readonly keys?: Random | undefined;
  /** What client order ids of liquidations begin with; default nothing. */
  readonly liquidationPrefix?: string | undefined;
  /** The venue's word for how orders end, where it has fewer than there are here: for whoever compares with the ledger. */
  readonly endings?: Readonly<Partial<Record<UserOrderStatus, UserOrderStatus>>> | undefined;
  /** Client order ids are mere labels: several open orders may have the same. */
  readonly sharedClientIds?: boolean | undefined;
  /** How the venue writes an id of an order or a trade of a symbol; default: its digits. For whoever compares with the ledger. */
  readonly idText?: ((symbol: string, id: number) => string) | undefined;
  /** Asked when a cancel arrives; true lets the order fill just before it. */
  readonly races?: ((order: UserOrder) => boolean) | undefined;
}

const MAX_LEVERAGE = 125;
const CLIENT_ID_LENGTH = 22;

/** The accounts of one venue: whose orders they are, what they own, and the ledger of all of it. */
export class Accounts {
  readonly ledger: Ledger;
  readonly #options: AccountsOptions;
  readonly #venue: Venue;
  readonly #random: Random;
  readonly #clientIds: Random;
  readonly #accounts = new Map<string, Account>();
  readonly #byKey = new Map<string, Account>();
  readonly #floors = new Map<string, Floor>();
  readonly #settlement: Settlement;
  readonly #desk: OrderDesk;
  readonly #upkeep: Upkeep;
  readonly #countdowns: Countdowns;
  readonly #triggers = new Triggers();
  readonly #conditionals: ConditionalOrders;
  readonly #quotes: Quotes = {
    terms: (symbol) => (this.#floors.get(symbol) as Floor).terms,
    mark: (symbol) => (this.#floors.get(symbol) as Floor).mark,
  };
  #busy = false;

  constructor(venue: Venue, options: AccountsOptions = {}) {
    const { makerFee = '0.0002', takerFee = '0.0005', maintenance = '0.004' } = options;
    const rates = { maker: rate(makerFee), taker: rate(takerFee), maintenance: rate(maintenance) };
    this.#venue = venue;
    this.#options = options;
    this.#random = venue.random.fork('accounts');
    this.#clientIds = this.#random.fork('client ids');
    this.ledger = new Ledger(() => venue.clock.now());
    this.#settlement = new Settlement(this.ledger, rates);
    this.#desk = new OrderDesk({
      settlement: this.#settlement,
      quotes: this.#quotes,
      account: (id) => this.#accounts.get(id),
      drawClientId: () => this.drawClientId(),
      sharedClientIds: options.sharedClientIds ?? false,
      liquidationPrefix: options.liquidationPrefix ?? '',
      triggers: this.#triggers,
    });
    this.#conditionals = new ConditionalOrders({
      ledger: this.ledger,
      triggers: this.#triggers,
      firstId: this.#random.fork('conditional ids').integer(1e6, 9e6),
      drawClientId: () => this.drawClientId(),
      place: (account, request) => this.place(account, request),
    });
    this.#upkeep = new Upkeep({ desk: this.#desk, settlement: this.#settlement, quotes: this.#quotes, floors: this.#floors });
    this.#countdowns = new Countdowns(venue.clock, (account, symbol) => this.#cancelAll(account, symbol, 'countdown'));
    for (const market of venue.markets) this.#attend(market);
    venue.onOpen((market) => this.#attend(market));
  }

  /**
   * Opens an account with money in it; its credentials follow from the seed and the name.
   * @param deposits decimal text per asset
   * @throws SpeedError `config` when the name is taken
   */
  open(name: string, deposits: Readonly<Record<string, string>>): Account {
    if (this.#accounts.has(name)) throw new SpeedError('config', `there is an account "${name}" already; choose another name`);
    const account = new Account(name, this.#credentials(name));
    this.#accounts.set(name, account);
    this.#byKey.set(account.credentials.apiKey, account);
    for (const [asset, amount] of Object.entries(deposits)) {
      this.#settlement.credit(account, asset, toScaled(decimal(amount), MONEY_SCALE), 'deposit');
    }
    return account;
  }

  /** An id as the venue draws them for those who bring none. */
  drawClientId(): string {
    return drawText(this.#clientIds, CLIENT_ID_LENGTH);
  }

  /** How the venue calls the status of an order. */
  told({ status }: Pick<UserOrder, 'status'>): UserOrderStatus {
    return this.#options.endings?.[status] ?? status;
  }

  /** How the venue writes an id of an order or a trade. */
  idText(symbol: string, id: number): string {
    return this.#options.idText?.(symbol, id) ?? String(id);
  }

  /** In the order in which they were opened. */
  get names(): readonly string[] {
    return [...this.#accounts.keys()];
  }

  get(name: string): Account | undefined {
    return this.#accounts.get(name);
  }

  byKey(apiKey: string): Account | undefined {
    return this.#byKey.get(apiKey);
  }

  /** Places an order; what fills at once is in the answer. */
  place(account: Account, request: OrderRequest): Answer<UserOrder> {
    const floor = this.#floor(request.symbol);
    if (!floor) return this.#desk.refuse(account, 'place', request.symbol, 'unknown-symbol', request);
    const answer = this.#act(() => this.#desk.place(account, floor, request));
    if (answer.ok && request.expiresAt !== undefined) this.#expire(account, floor, answer.value, request.expiresAt);
    return answer;
  }

  /** Takes an order that waits for a price; its size and limit are looked at when it is placed. */
  placeConditional(account: Account, request: ConditionalRequest): Answer<ConditionalOrder> {
    const floor = this.#floor(request.order.symbol);
    if (!floor) return no('unknown-symbol');
    const price = request.trail ? 0 : floor.terms.ticks(request.price ?? '');
    if (price === undefined) return no('bad-price');
    if (!request.trail && reaches({ ...request, price }, this.#lastOrMark(floor, request.by))) return no('would-trigger');
    return this.#conditionals.place(account, floor, request, price);
  }

  /** Ends one that still waits. */
  cancelConditional(account: Account, conditional: ConditionalOrder): Answer<ConditionalOrder> {
    return this.#conditionals.cancel(account, conditional, Math.floor(this.#venue.clock.now()));
  }

  /** The conditional orders of this venue, for reading. */
  get conditionals(): Pick<ConditionalOrders, 'all' | 'find' | 'waiting'> {
    return this.#conditionals;
  }

  /** Changes a working limit order; it keeps its place in the queue only when it just gets smaller. */
  amend(account: Account, ref: UserOrderRef, change: AmendRequest): Answer<UserOrder> {
    const floor = this.#floor(ref.symbol);
    if (!floor) return this.#desk.refuse(account, 'amend', ref.symbol, 'unknown-symbol');
    return this.#act(() => this.#desk.amend(account, floor, ref, change));
  }

  cancel(account: Account, ref: UserOrderRef): Answer<UserOrder> {
    const floor = this.#floor(ref.symbol);
    if (!floor) return this.#desk.refuse(account, 'cancel', ref.symbol, 'unknown-symbol');
    return this.#act(() => {
      this.#race(account, floor, ref);
      return this.#desk.cancel(account, floor, ref);
    });
  }

  /** Cancels every open order of a symbol, oldest first. */
  cancelAll(account: Account, symbol: string): readonly UserOrder[] {
    return this.#cancelAll(account, symbol, 'canceled');
  }

  /** Cancels every open order of a symbol in `ms`, unless called again before; 0 calls it off. */
  cancelAllAfter(account: Account, symbol: string, ms: number): void {
    this.#countdowns.arm(account, symbol, ms);
  }

  /** Changes the leverage of a symbol, 1 to 125, when the margin bears it. */
  setLeverage(account: Account, symbol: string, leverage: number): Answer<number> {
    const floor = this.#floor(symbol);
    if (!floor) return no('unknown-symbol');
    if (!floor.terms.derivative) return no('not-a-derivative');
    if (!Number.isInteger(leverage) || leverage < 1 || leverage > MAX_LEVERAGE) return no('bad-leverage');
    const isolated = account.isIsolated(symbol) && leverage < account.leverage(symbol);
    if (isolated && holds(account, symbol)) return no('lower-leverage');
    if (!this.#bearsLeverage(account, floor.terms, leverage)) return no('insufficient-margin');
    this.ledger.append(account.id, { kind: 'setting', setting: 'leverage', symbol, value: leverage });
    return { ok: true, value: leverage };
  }

  /** One symbol's margin: the whole balance behind it, or a wallet of its own; only without orders and positions there. */
  setIsolated(account: Account, symbol: string, on: boolean): Answer<boolean> {
    const floor = this.#floor(symbol);
    if (!floor) return no('unknown-symbol');
    if (!floor.terms.derivative) return no('not-a-derivative');
    if (account.isIsolated(symbol) === on) return no('no-change');
    if (account.openOrders(symbol).length > 0) return no('has-open-orders');
    if (holds(account, symbol)) return no('has-open-positions');
    account.setIsolated(symbol, on);
    this.ledger.append(account.id, { kind: 'setting', setting: 'isolated-margin', symbol, value: Number(on) });
    return { ok: true, value: on };
  }

  /**
   * Moves money between the balance and an isolated position: as much as is free, and down to its initial margin.
   * @param change money, negative takes out
   */
  moveMargin(account: Account, position: Position, change: bigint): Answer<bigint> {
    const { symbol, settle } = position.terms;
    if (!account.isIsolated(symbol) || position.size === 0) return no('not-isolated');
    const { equity, initial } = this.margin(account, settle);
    const { unrealized, initial: needed } = this.risk(account, position);
    const left = position.wallet + change + (unrealized < 0n ? unrealized : 0n);
    if (change > 0n ? change > equity - initial : left < needed) return no('insufficient-margin');
    position.wallet += change;
    this.#settlement.notePosition(account, position);
    return { ok: true, value: position.wallet };
  }

  /** Two legs per symbol, or one net position; only without orders and positions. */
  setHedgeMode(account: Account, on: boolean): Answer<boolean> {
    if (account.hedgeMode === on) return no('no-change');
    if (account.openOrders().length > 0) return no('has-open-orders');
    if (account.positions.some(({ size }) => size !== 0)) return no('has-open-positions');
    account.hedgeMode = on;
    this.ledger.append(account.id, { kind: 'setting', setting: 'hedge-mode', symbol: undefined, value: Number(on) });
    return { ok: true, value: on };
  }

  /** Cross margin of one settle asset, now. */
  margin(account: Account, asset: string): Margin {
    return marginOf(account, asset, this.#quotes, this.#settlement.rates.maintenance);
  }

  /** What one position stands for, at mark. */
  risk(account: Account, position: Position): PositionRisk {
    return riskOf(account, position, this.#quotes, this.#settlement.rates.maintenance);
  }

  /** Fee and margin rates of the venue. */
  get rates(): AccountRates {
    return this.#settlement.rates;
  }

  /** The arithmetic of a symbol; `undefined` when it is not listed. */
  terms(symbol: string): Terms | undefined {
    return this.#floor(symbol)?.terms;
  }

  /** Mark price that margin is reckoned with, ticks; `undefined` for a symbol that is not listed. */
  mark(symbol: string): number | undefined {
    return this.#floor(symbol)?.mark;
  }

  #bearsLeverage(account: Account, { symbol, settle }: Terms, leverage: number): boolean {
    const [before, { equity, initial }] = [account.leverage(symbol), this.margin(account, settle)];
    account.setLeverage(symbol, leverage);
    const after = initialMargin(account, settle, this.#quotes);
    const bears = after <= initial || after <= equity;
    if (!bears) account.setLeverage(symbol, before);
    return bears;
  }

  #expire(account: Account, floor: Floor, { id, symbol }: UserOrder, at: number): void {
    this.#venue.clock.scheduleAt(at, () => {
      const open = account.openOrders(symbol).some((order) => order.id === id);
      if (open) this.#act(() => this.#desk.cancel(account, floor, { symbol, id }, 'expired'));
    });
  }

  /** Price of the last trade, or mark where there was none. */
  #lastOrMark({ market, mark }: Floor, by: Condition['by']): number {
    return by === 'mark' ? mark : (market.tape.trades.at(-1)?.price ?? mark);
  }

  #race(account: Account, { market }: Floor, ref: UserOrderRef): void {
    const order = account.order(ref);
    if (order && market.engine.order(order.id) && this.#options.races?.(order)) market.fill(order.id);
  }

  #cancelAll(account: Account, symbol: string, cause: OrderCause): readonly UserOrder[] {
    const floor = this.#floor(symbol);
    if (!floor) return [];
    return this.#act(() =>
      account.openOrders(symbol).flatMap((order) => {
        const answer = this.#desk.cancel(account, floor, order, cause);
        return answer.ok ? [answer.value] : [];
      }),
    );
  }

  /** The market of a symbol, opened if need be. */
  #floor(symbol: string): Floor | undefined {
    if (!this.#floors.has(symbol)) this.#venue.market(symbol);
    return this.#floors.get(symbol);
  }

  #attend(market: Market): void {
    const terms = new Terms(market.listing);
    const floor: Floor = { market, terms, mark: market.grid.nearestTicks(market.pricing.mark(market.now())) };
    this.#floors.set(terms.symbol, floor);
    market.allowance = ({ owner, id, remaining }) => this.#desk.allowance(floor, owner, id, remaining);
    market.prevented = ({ owner, id }) => this.#desk.prevent(floor, owner, id);
    market.listen({
      onTrade: (_, trade) => {
        this.#triggers.observe(terms.symbol, 'last', trade.price);
        this.#desk.trade(floor, trade);
        this.#upkeep.touch([this.#accounts.get(trade.maker), this.#accounts.get(trade.taker)]);
      },
      onBook: () => this.#act(() => {}),
      onPrices: () => this.#reprice(floor),
      onFunding: (_, settlement) => this.#act(() => this.#upkeep.fund(this.#accounts.values(), floor, settlement)),
    });
  }

  #reprice(floor: Floor): void {
    floor.mark = floor.market.grid.nearestTicks(floor.market.pricing.mark(floor.market.now()));
    this.#triggers.observe(floor.terms.symbol, 'mark', floor.mark);
    this.#upkeep.touch(
      [...this.#accounts.values()].filter(({ positions }) => positions.some(({ terms }) => terms === floor.terms)),
    );
    this.#act(() => {});
  }

  /** Runs a request, and then what follows from it; never one inside the other. */
  #act<T>(run: () => T): T {
    if (this.#busy) return run();
    this.#busy = true;
    try {
      const result = run();
      do this.#upkeep.run();
      while (this.#triggers.fireDue());
      this.#conditionals.settle(Math.floor(this.#venue.clock.now()));
      return result;
    } finally {
      this.#busy = false;
    }
  }

  #credentials(name: string): Account['credentials'] {
    const { keyLength = 64, password = false, keys = this.#random } = this.#options;
    const random = keys.fork(`credentials/${name}`);
    const [apiKey, secret] = [drawText(random, keyLength), drawText(random, keyLength)];
    return password ? { apiKey, secret, password: drawText(random, 16) } : { apiKey, secret };
  }
}

function holds(account: Account, symbol: string): boolean {
  return account.positions.some(({ terms, size }) => terms.symbol === symbol && size !== 0);
}

function rate(text: string): bigint {
  return toScaled(decimal(text), RATE_SCALE);
}

function no(reason: RefusalReason): { readonly ok: false; readonly reason: RefusalReason } {
  return { ok: false, reason };
}
