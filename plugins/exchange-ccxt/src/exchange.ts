import {
  type CallOptions,
  type DepthEvent,
  type ErrorKind,
  type Funding,
  type FundingRate,
  type FundingRecord,
  type Instrument,
  levelsFromPairs,
  type PluginContext,
  SpeedError,
} from '@speed-protocol/core';
import { abortable, createReference, type InstrumentCache, sleep } from '@speed-protocol/wire';
import { has } from './capabilities.js';
import type { Clients, Journey } from './clients.js';
import type { CcxtConfig } from './config.js';
import { speedError } from './errors.js';
import { fundingRateOf, pairsOf } from './formats.js';
import { float } from './numbers.js';
import { instrumentsOf } from './symbols.js';
import type { CcxtExchange } from './types.js';

/** Sendings of a question in all, and the wait between them. */
const ATTEMPTS = 3;
const RETRY_MS = 500;
/** Kinds that another attempt may cure. */
const CURABLE: ReadonlySet<ErrorKind> = new Set(['timeout', 'connection', 'unavailable', 'protocol', 'rate-limited']);

/** Questions through ccxt: unified symbols in, normalised answers out. Opens nothing before the first call. */
export class CcxtBridge {
  readonly reference: InstrumentCache;
  readonly #intervals = new Map<string, string>();
  readonly funding: Funding = {
    current: (symbol, options) => this.fundingCurrent(symbol, options),
    history: (symbol, options) => this.fundingHistory(symbol, options),
  };

  constructor(
    readonly venue: string,
    private readonly clients: Clients,
    private readonly context: PluginContext<CcxtConfig>,
  ) {
    this.reference = createReference({
      venue,
      load: () => this.#load(),
      serverTime: (options) => this.serverTime(options),
    });
  }

  /** The exchange's clock, ms. @throws SpeedError `unsupported` where ccxt cannot ask for it */
  async serverTime(options: CallOptions = {}): Promise<number> {
    const time = await this.ask('fetchTime', this.clients.data, (exchange) => exchange.fetchTime(), options);
    if (time === undefined) throw this.protocol('fetchTime', 'no time in the answer');
    return time;
  }

  /** A book as it is now; its sequence is ccxt's `nonce`, where it has one. */
  async depthSnapshot(instrument: Instrument, options: CallOptions & { readonly limit?: number } = {}): Promise<DepthEvent> {
    const { venue, symbol, venueSymbol } = instrument;
    const book = await this.ask('fetchOrderBook', this.clients.data, (it) => it.fetchOrderBook(symbol, options.limit), options);
    return {
      type: 'depth',
      kind: 'snapshot',
      venue,
      symbol,
      venueSymbol,
      venueTime: book.timestamp ?? null,
      receivedAt: this.context.clock.now(),
      sequence: book.nonce ?? null,
      prevSequence: null,
      bids: levelsFromPairs(pairsOf(book.bids)),
      asks: levelsFromPairs(pairsOf(book.asks)),
    };
  }

  async fundingCurrent(symbol: string, options: CallOptions = {}): Promise<FundingRate> {
    const instrument = await this.#contract(symbol, options);
    if (instrument.kind !== 'perpetual') return fundingRateOf({ symbol }, instrument);
    const told = await this.ask('fetchFundingRate', this.clients.data, (it) => it.fetchFundingRate(symbol), options);
    return fundingRateOf({ ...told, interval: told.interval ?? (await this.#fundingInterval(symbol, options)) }, instrument);
  }

  /** Where ccxt has it apart; it seldom changes. */
  async #fundingInterval(symbol: string, options: CallOptions): Promise<string | undefined> {
    const { data } = this.clients;
    if (!has(data, 'fetchFundingInterval')) return undefined;
    const known = this.#intervals.get(symbol);
    if (known) return known;
    const told = await this.ask('fetchFundingInterval', data, (it) => it.fetchFundingInterval(symbol), options);
    if (told.interval !== undefined) this.#intervals.set(symbol, told.interval);
    return told.interval;
  }

  async fundingHistory(
    symbol: string,
    options: CallOptions & { since?: number; until?: number; limit?: number } = {},
  ): Promise<readonly FundingRecord[]> {
    const { since, until, limit } = options;
    const { kind } = await this.#contract(symbol, options);
    if (kind !== 'perpetual') return [];
    const params = until === undefined ? {} : { until };
    const ask = (it: CcxtExchange) => it.fetchFundingRateHistory(symbol, since, limit, params);
    const rows = await this.ask('fetchFundingRateHistory', this.clients.data, ask, options);
    return rows
      .map(({ fundingRate, timestamp = 0 }) => ({ rate: float(fundingRate), time: timestamp }))
      .filter(({ time }) => time >= (since ?? 0) && time <= (until ?? Number.POSITIVE_INFINITY))
      .toSorted((a, b) => a.time - b.time)
      .map(({ rate, time }) => ({ venue: this.venue, symbol, rate, time, markPrice: null }));
  }

  /** The instance that signs. @throws SpeedError `unauthorized` saying where credentials belong */
  signed(): CcxtExchange {
    if (this.clients.account) return this.clients.account;
    const needed = Object.entries(this.clients.data.requiredCredentials).flatMap(([name, isNeeded]) => (isNeeded ? [name] : []));
    const where = `put ${needed.join(', ')} and environment into the configuration of "${this.venue}"`;
    throw new SpeedError('unauthorized', `${this.venue} needs credentials: ${where}`, { venue: this.venue });
  }

  /** One question; asked again where that may help and cannot hurt. @throws SpeedError */
  async ask<T>(
    method: string,
    exchange: CcxtExchange,
    call: (exchange: CcxtExchange) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    if (!has(exchange, method)) {
      throw new SpeedError('unsupported', `${this.venue}: ccxt has no ${method} of this exchange`, { venue: this.venue });
    }
    const { logger } = this.context;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(method, () => call(exchange), options);
      } catch (error) {
        if (!SpeedError.is(error)) throw error;
        if (error.kind === 'clock-skew' && attempt === 1) await this.learnTime(exchange);
        else if (!CURABLE.has(error.kind) || attempt === ATTEMPTS || this.clients.signal.aborted) throw error;
        logger.warn({ venue: this.venue, method, attempt, kind: error.kind, error: error.message }, 'asking again');
        await abortable(sleep(this.context.clock, RETRY_MS * attempt, this.clients.signal), options.signal);
      }
    }
  }

  /** One call, sent once. @throws SpeedError of the kind that ccxt's error class stands for */
  async once<T>(what: string, call: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    const journey: Journey = { isSent: false, status: undefined };
    try {
      return await abortable(this.clients.journeys.run(journey, call), signal);
    } catch (error) {
      throw this.explained(error, what, journey);
    }
  }

  explained(error: unknown, what: string, journey?: Journey): SpeedError {
    const { venue } = this;
    if (!this.clients.signal.aborted) return speedError(error, venue, what, journey);
    const outcomeKnown = journey?.isSent === false || (SpeedError.is(error) && error.outcomeKnown);
    return new SpeedError('aborted', `${venue} ${what}: the connector was closed`, { venue, cause: error, outcomeKnown });
  }

  protocol(what: string, why: string, cause?: unknown): SpeedError {
    return new SpeedError('protocol', `${this.venue} ${what}: ${why}`, { venue: this.venue, cause });
  }

  /** Where ccxt can: how the exchange's clock differs, so that signatures are in time. */
  async learnTime(exchange: CcxtExchange): Promise<void> {
    await exchange.loadTimeDifference?.().catch(() => undefined);
  }

  async #load(): Promise<readonly Instrument[]> {
    const { data, account } = this.clients;
    // ccxt makes its agents for addresses without TLS only when it has looked for a proxy.
    await data.loadHttpProxyAgent?.();
    await account?.loadHttpProxyAgent?.();
    const markets = await this.ask('fetchMarkets', data, (exchange) => exchange.loadMarkets(this.reference.bySymbol.size > 0));
    account?.setMarketsFromExchange(data);
    return instrumentsOf(this.venue, data, Object.values(markets));
  }

  async #contract(symbol: string, options: CallOptions): Promise<Instrument> {
    const instrument = await this.reference.instrument(symbol, options);
    if (instrument.kind !== 'spot') return instrument;
    throw new SpeedError('unsupported', `${symbol} on ${this.venue} is spot, which has no funding`, { venue: this.venue });
  }
}
