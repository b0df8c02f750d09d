import ccxt from 'ccxt';
import type { BookLevels, Contestant, Facts, Kind, Market, Recording } from '../types.js';
import type { Message } from '../venues/venue.js';

/** The parts of ccxt pro that its own socket uses. */
interface CcxtExchange {
  setMarkets(markets: readonly object[]): void;
  safeMarketStructure(market: object): object;
  client(url: string): CcxtClient;
  orderBook(snapshot: object, limit: number): CcxtBook;
  parseOrderBook(orderbook: object, symbol: string): object & { nonce?: number };
  orderbooks: Record<string, CcxtBook>;
  trades: Record<string, { [index: number]: CcxtTrade; length: number }>;
  bidsasks: Record<string, { bid: number; bidVolume: number; ask: number; askVolume: number }>;
}

interface CcxtClient {
  onMessage(event: { data: Buffer }): void;
  reject(error: unknown, hash?: string): void;
  future(hash: string): unknown;
  readonly futures: Readonly<Record<string, unknown>>;
  readonly subscriptions: Record<string, unknown>;
}

interface CcxtBook {
  readonly bids: readonly [number, number][];
  readonly asks: readonly [number, number][];
  nonce: number | undefined;
  reset(snapshot: object): void;
}

interface CcxtTrade {
  readonly id: string;
  readonly price: number;
  readonly amount: number;
  readonly side: string;
  readonly timestamp: number;
}

/**
 * ccxt pro as its socket client runs it: `onMessage` of its own client, which parses and calls the exchange's handlers. Somebody
 * waits for each update, or it would go nowhere; what `watchOrderBook` does around that is left out, in ccxt's favour.
 */
export function ccxtContestant(recording: Recording, kind: Kind): Contestant {
  return new Ccxt(recording, kind);
}

class Ccxt implements Contestant {
  readonly name = 'ccxt pro';
  private readonly exchange: CcxtExchange;
  private readonly client: CcxtClient;
  private readonly hash: string;
  private readonly symbol: string;

  constructor(
    private readonly recording: Recording,
    private readonly kind: Kind,
  ) {
    const { venue, market, frames } = recording;
    this.symbol = market.symbol;
    const Exchange = ccxt.pro[venue.id as 'binance'] as unknown as new () => CcxtExchange;
    this.exchange = new Exchange();
    this.exchange.setMarkets([this.exchange.safeMarketStructure(marketOf(market))]);
    this.client = this.exchange.client(venue.ccxt.url);
    this.hash = venue.ccxt.hash(kind, this.symbol, JSON.parse((frames[kind][0] as Buffer).toString()) as Message);
    // Without an entry some exchanges take the update for one that nobody subscribed to.
    this.client.subscriptions[this.hash] = true;
    this.client.reject = (error) => {
      throw error;
    };
    this.reset();
  }

  reset(): void {
    const { exchange, symbol, kind } = this;
    const { venue, snapshot } = this.recording;
    if (kind !== 'depth') return;
    if (!venue.rest) {
      // Some exchanges add a new snapshot to the book that there is.
      delete exchange.orderbooks[symbol];
      this.accept(Buffer.from(snapshot));
      return;
    }
    const body = JSON.parse(snapshot) as Message;
    const parsed = exchange.parseOrderBook(body, symbol);
    parsed.nonce = venue.rest.sequenceOf(body);
    const book = exchange.orderBook({}, 1000);
    book.reset(parsed);
    exchange.orderbooks[symbol] = book;
  }

  accept(frame: Buffer): void {
    this.client.future(this.hash);
    this.client.onMessage({ data: frame });
    if (this.hash in this.client.futures) throw new Error(`ccxt made nothing of ${frame}`);
  }

  book(): BookLevels {
    const { bids, asks } = this.exchange.orderbooks[this.symbol] as CcxtBook;
    const pairs = (side: readonly [number, number][]) => [...side].map(([price, size]) => [price, size] as const);
    return { bids: pairs(bids), asks: pairs(asks) };
  }

  facts(): Facts {
    if (this.kind === 'quote') {
      const quote = this.exchange.bidsasks[this.symbol];
      return quote ? [quote.bid, quote.bidVolume, quote.ask, quote.askVolume] : [];
    }
    const trades = this.exchange.trades[this.symbol];
    const trade = trades?.[trades.length - 1];
    return trade ? [trade.id, trade.price, trade.amount, trade.side, trade.timestamp] : [];
  }
}

const TYPES: Readonly<Record<Market['kind'], string>> = { spot: 'spot', perpetual: 'swap', future: 'future', option: 'option' };

/** A market as `loadMarkets` would have made it. */
function marketOf({ kind, venueSymbol, symbol, base, quote, settle, inverse, contractSize }: Market): object {
  const type = TYPES[kind];
  const contract = kind !== 'spot' && {
    ...{ contract: true, settle, linear: inverse === false, inverse: inverse === true },
    contractSize: Number(contractSize),
  };
  return { active: true, id: venueSymbol, symbol, base, quote, type, spot: false, contract: false, [type]: true, ...contract };
}
