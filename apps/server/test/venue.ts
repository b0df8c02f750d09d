import {
  type CallOptions,
  type Connector,
  type Decimal,
  type DepthEvent,
  decimal,
  defineExchange,
  type ExchangeManifest,
  type FeedListener,
  type FeedName,
  type FeedOptions,
  type Instrument,
  levelsFromPairs,
  SpeedError,
  type SpeedEvent,
  type Subscription,
} from '@speed-protocol/core';

const FEEDS = ['depth', 'trade', 'quote', 'candle', 'funding'] as const;
const CAPABILITIES = { market: { feeds: FEEDS }, funding: { current: true, predicted: false, history: true } } as const;

interface Upstream extends Subscription {
  readonly options: FeedOptions;
  readonly on: (event: SpeedEvent) => void;
  end(error?: Error): void;
}

/** A venue that does what the test says: the part of the world behind the connector's interface. */
export class TestVenue {
  /** Subscriptions that are open now. */
  readonly open = new Set<Upstream>();
  /** Subscriptions ever made. */
  subscribed = 0;
  /** Set to make subscribing fail, or wait. */
  onSubscribe: ((feed: FeedName) => Promise<void> | void) | undefined;
  readonly manifest: ExchangeManifest;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly id = 'fake') {
    this.manifest = defineExchange({
      id,
      venues: [{ id, name: 'Fake exchange', capabilities: CAPABILITIES }],
      parseConfig: (input) => input,
      create: () => this.#connector(),
      createNormalizer: () => {
        throw new SpeedError('unsupported', 'no normalizer here');
      },
    }) as unknown as ExchangeManifest;
  }

  /** Lets the next subscription wait. `asked` resolves when somebody wants one. */
  holdSubscribe(): { asked: Promise<void>; acknowledge(): void } {
    let acknowledge!: () => void;
    let arrive!: () => void;
    const asked = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const held = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    this.onSubscribe = () => {
      arrive();
      return held;
    };
    return { asked, acknowledge };
  }

  /** Publishes to every listener of that feed and symbol. */
  emit(event: SpeedEvent, feed: FeedName = event.type === 'gap' ? event.feed : event.type): void {
    for (const each of this.open) if (each.feed === feed && each.symbol === event.symbol) each.on(event);
  }

  /** Resolves when there are `count` open subscriptions. */
  async untilOpen(count: number): Promise<void> {
    while (this.open.size !== count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when so many subscriptions have been made, ever. */
  async untilSubscribed(count: number): Promise<void> {
    while (this.subscribed < count || this.open.size === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #connector(): Connector {
    const base = { venue: this.id, capabilities: CAPABILITIES };
    return {
      ...base,
      reference: {
        instruments: async () => INSTRUMENTS,
        instrument: async (symbol) => findInstrument(symbol),
        serverTime: async () => 0,
      },
      market: {
        subscribe: (feed, symbol, on, options = {}) => this.#subscribe(feed, symbol, on, options),
        depthSnapshot: async () => depth({ kind: 'snapshot' }),
      },
      funding: {
        current: async (symbol) => ({ ...FUNDING, symbol: findInstrument(symbol).symbol }),
        history: async () => [{ venue: this.id, symbol: 'BTC/USDT', rate: 0.0001, time: 1, markPrice: null }],
      },
      connections: () => [{ name: 'public', state: 'open', topics: this.open.size, reconnects: 0, lastFrameAt: 1 }],
      [Symbol.asyncDispose]: async () => {
        for (const each of this.open) each.end();
      },
    };
  }

  async #subscribe<K extends FeedName>(
    feed: K,
    symbol: string,
    on: FeedListener<K>,
    options: FeedOptions & CallOptions,
  ): Promise<Subscription> {
    findInstrument(symbol);
    this.subscribed++;
    await this.onSubscribe?.(feed);
    if (options.signal?.aborted) throw new SpeedError('aborted', 'aborted');
    let settle!: (error?: Error) => void;
    const closed = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    closed.catch(() => undefined);
    const end = (error?: Error) => {
      this.open.delete(upstream);
      settle(error);
      this.#changed();
    };
    const listener = on as (event: SpeedEvent) => void;
    const upstream: Upstream = {
      feed,
      symbol,
      state: 'live',
      options,
      on: listener,
      closed,
      end,
      [Symbol.asyncDispose]: async () => end(),
    };
    this.open.add(upstream);
    this.#changed();
    return upstream;
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

const instrument = (symbol: string, more: Partial<Instrument> = {}): Instrument => ({
  venue: 'fake',
  symbol,
  venueSymbol: symbol.replace(/[/:]/g, ''),
  kind: 'spot',
  status: 'open',
  base: symbol.split('/')[0]!,
  quote: 'USDT',
  contractSize: decimal('1'),
  tickSize: '0.01' as Decimal,
  lotSize: decimal('0.001'),
  ...more,
});

const INSTRUMENTS: readonly Instrument[] = [
  instrument('BTC/USDT'),
  instrument('ETH/USDT'),
  instrument('BTC/USDT:USDT', { kind: 'perpetual', settle: 'USDT', inverse: false }),
  ...Array.from({ length: 300 }, (_, i) => instrument(`C${i}/USDT`, { status: 'halted' })),
];

function findInstrument(symbol: string): Instrument {
  const found = INSTRUMENTS.find((each) => each.symbol === symbol);
  if (!found)
    throw new SpeedError('not-found', `fake has no instrument "${symbol}"; did you mean "BTC/USDT"?`, { venue: 'fake' });
  return found;
}

const FUNDING = {
  venue: 'fake',
  symbol: 'BTC/USDT:USDT',
  venueSymbol: 'BTCUSDT',
  venueTime: 5,
  rate: 0.0001,
  predictedRate: null,
  nextFundingTime: 9,
  intervalHours: 8,
  markPrice: 100,
  indexPrice: 100,
  apr: 0.1095,
};

const base = () => ({ venue: 'fake', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', venueTime: 5, receivedAt: Date.now() });

export const trade = (id: string | number, more: object = {}): SpeedEvent => ({
  ...base(),
  type: 'trade',
  id: String(id),
  price: 100,
  size: 1,
  side: 'buy',
  ...more,
});

export const quote = (bid: number, more: object = {}): SpeedEvent => ({
  ...base(),
  type: 'quote',
  sequence: null,
  bid,
  bidSize: 1,
  ask: bid + 1,
  askSize: 1,
  ...more,
});

export const gap = (feed: FeedName): SpeedEvent => ({ ...base(), type: 'gap', feed, reason: 'disconnect' });

interface DepthInput {
  readonly kind?: 'snapshot' | 'delta';
  readonly sequence?: number;
  readonly prevSequence?: number;
  readonly bids?: [number, number][];
  readonly asks?: [number, number][];
  readonly receivedAt?: number;
}

export const depth = ({
  kind = 'delta',
  sequence = 1,
  prevSequence,
  bids = [[99, 1]],
  asks = [[101, 2]],
  ...when
}: DepthInput): DepthEvent => ({
  ...{ ...base(), ...when },
  type: 'depth',
  kind,
  sequence,
  prevSequence: prevSequence ?? (kind === 'delta' ? sequence - 1 : null),
  bids: levelsFromPairs(bids),
  asks: levelsFromPairs(asks),
});
