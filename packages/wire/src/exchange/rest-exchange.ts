import {
  type CallOptions,
  type Clock,
  type EventBase,
  type Instrument,
  keepEvent,
  type Logger,
  type MarketEvent,
  SpeedError,
} from '@speed-protocol/core';
import { EventCollector, type TextReader } from '../market/collector.js';
import type { Endpoint, Params } from '../rest/endpoint.js';
import { createReference, type InstrumentCache } from '../rest/reference.js';
import type { RestCallOptions, RestClient } from '../rest/spec.js';

/** What an event of an answer says of itself besides the venue's time. */
export interface EventPlace extends Omit<EventBase, 'venueTime'> {
  readonly symbol: string;
}

/**
 * The REST side of one venue, without its routes: a plugin adds one short method for each. Unified symbols in, what the
 * plugin's formats make of the answer out. Opens nothing before the first call.
 */
export abstract class RestExchange<E extends string = string, V extends string = string> {
  readonly reference: InstrumentCache;

  constructor(
    readonly venue: V,
    readonly client: RestClient<Readonly<Record<E, Endpoint>>>,
    protected readonly context: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.reference = createReference({
      venue,
      load: () => this.loadInstruments(),
      serverTime: (options) => this.serverTime(options),
      keyOf: (instrument) => this.keyOf(instrument),
    });
  }

  /** Asks for the listing. */
  protected abstract loadInstruments(): Promise<readonly Instrument[]>;

  /** How routes name an instrument, e.g. `{ symbol: 'BTCUSDT' }`. */
  abstract nameOf(instrument: Instrument): Params;

  /** Names an instrument among all products of the venue: its id, unless products share ids. */
  keyOf({ venueSymbol }: Instrument): string {
    return venueSymbol;
  }

  /** What is inside the envelope of an answer. */
  unwrap(body: unknown): unknown {
    return body;
  }

  /** The venue's clock, ms. Every answer also narrows `client.clockOffset`. */
  serverTime(options?: CallOptions): Promise<number> {
    return this.client.serverTime(options);
  }

  /** The venue's clock as we estimate it, ms. */
  venueNow(): number {
    return this.client.clockOffset.venueTime(this.context.clock.now());
  }

  /**
   * The symbol of a venue's id; one that has left the listing goes by the venue's name.
   * @param key as {@link keyOf} gives it, where that is not the id
   */
  unified(venueSymbol: string, key = venueSymbol): string {
    return this.reference.byVenueSymbol.get(key)?.symbol ?? venueSymbol;
  }

  /** One call about one instrument. @throws SpeedError as {@link ask} */
  async one<B, T>(
    endpoint: E,
    symbol: string,
    params: Params,
    options: RestCallOptions,
    parse: (body: B, place: EventPlace) => T,
  ): Promise<T> {
    const instrument = await this.reference.instrument(symbol, options);
    const { venue } = this;
    const { venueSymbol } = instrument;
    return this.ask(endpoint, { ...this.nameOf(instrument), ...params }, options, (body: B, receivedAt) =>
      parse(body, { venue, symbol, venueSymbol, receivedAt }),
    );
  }

  /**
   * One call about one instrument, read as streams are: by a declaration and its handler. Events about other instruments are
   * left out: some venues answer with a list even when asked for one.
   * @throws SpeedError as {@link ask}
   */
  async events<K extends MarketEvent>(
    endpoint: E,
    symbol: string,
    params: Params,
    options: RestCallOptions,
    reader: TextReader,
  ): Promise<readonly K[]> {
    const instrument = await this.reference.instrument(symbol, options);
    const { venue } = this;
    const { venueSymbol } = instrument;
    const asked = { ...this.nameOf(instrument), ...params };
    const { text, receivedAt } = await this.client.request(endpoint, asked, options);
    const collector = new EventCollector((id) =>
      id === venueSymbol || id === ''
        ? { venue, venueSymbol, symbol, instrument, options: {} }
        : { venue, venueSymbol: id, symbol: null, instrument: null, options: {} },
    );
    const found = this.read(endpoint, () => collector.read(reader, [{ text, venueSymbol }], receivedAt));
    return found.filter((event) => event.venueSymbol === venueSymbol).map((event) => keepEvent(event) as K);
  }

  /** As {@link events}, the first of them. @throws SpeedError `protocol` when there is none */
  async event<K extends MarketEvent>(
    endpoint: E,
    symbol: string,
    params: Params,
    options: RestCallOptions,
    reader: TextReader,
  ): Promise<K> {
    const [first] = await this.events<K>(endpoint, symbol, params, options, reader);
    if (first) return first;
    throw new SpeedError('protocol', `${this.venue} ${endpoint}: the answer tells nothing of ${symbol}`, { venue: this.venue });
  }

  /**
   * One call, and its answer without the envelope.
   * @throws SpeedError `protocol` when the body is of another shape than documented
   */
  async ask<B, T>(endpoint: E, params: Params, options: RestCallOptions, parse: (body: B, receivedAt: number) => T): Promise<T> {
    const { body, receivedAt } = await this.client.request(endpoint, params, options);
    return this.read(endpoint, () => parse(this.unwrap(body) as B, receivedAt));
  }

  /** A body of another shape than documented is the venue's fault and is reported as one. */
  read<T>(what: string, parse: () => T): T {
    try {
      return parse();
    } catch (cause) {
      const why = SpeedError.is(cause) ? cause.message : `the answer is not of the documented shape: ${String(cause)}`;
      throw new SpeedError('protocol', `${this.venue} ${what}: ${why}`, { venue: this.venue, cause });
    }
  }
}
