import {
  type BookChange,
  type BookTicker,
  normalizeBookChanges,
  normalizeBookTickers,
  normalizeTrades,
  OrderBook,
  type Trade,
} from 'tardis-dev';
import type { BookLevels, Contestant, Facts, Kind, Recording } from '../types.js';
import type { Message } from '../venues/venue.js';

interface Mapper {
  canHandle(message: unknown): boolean;
  map(message: unknown, localTimestamp: Date): IterableIterator<BookChange | BookTicker | Trade> | undefined;
}

/**
 * tardis-dev as its streams run it: parse, ask the mapper, map, apply to its own order book.
 * @returns `undefined` for streams that it does not map
 */
export function tardisContestant(recording: Recording, kind: Kind): Contestant | undefined {
  const maps = recording.frames[kind].every((frame) =>
    recording.venue.tardis.maps(kind, JSON.parse(frame.toString()) as Message),
  );
  return maps ? new Tardis(recording, kind) : undefined;
}

class Tardis implements Contestant {
  readonly name = 'tardis-dev';
  private mapper!: Mapper;
  private book_ = new OrderBook();
  private last: BookChange | BookTicker | Trade | undefined;

  constructor(
    private readonly recording: Recording,
    private readonly kind: Kind,
  ) {
    this.reset();
  }

  reset(): void {
    const { venue, market, snapshot } = this.recording;
    this.book_ = new OrderBook();
    this.mapper = createMapper(this.recording, this.kind);
    if (this.kind !== 'depth') return;
    const book: unknown = JSON.parse(snapshot);
    this.handle(venue.tardis.snapshot?.(market.venueSymbol, book) ?? book, Date.now());
  }

  accept(frame: Buffer, receivedAt: number): void {
    this.handle(JSON.parse(frame.toString()), receivedAt);
  }

  book(): BookLevels {
    const pairs = (levels: Iterable<{ price: number; amount: number }>) =>
      [...levels].map(({ price, amount }) => [price, amount] as const);
    return { bids: pairs(this.book_.bids()), asks: pairs(this.book_.asks()) };
  }

  facts(): Facts {
    const { last } = this;
    if (last?.type === 'trade') return [last.id ?? null, last.price, last.amount, last.side, last.timestamp.getTime()];
    if (last?.type === 'book_ticker')
      return [last.bidPrice ?? null, last.bidAmount ?? null, last.askPrice ?? null, last.askAmount ?? null];
    return [];
  }

  private handle(message: unknown, receivedAt: number): void {
    const localTimestamp = new Date(receivedAt);
    if (!this.mapper.canHandle(message)) throw new Error('tardis-dev does not know this message');
    for (const mapped of this.mapper.map(message, localTimestamp) ?? []) {
      this.last = mapped;
      if (mapped.type === 'book_change') this.book_.update(mapped);
    }
  }
}

function createMapper({ venue, ...recording }: Recording, kind: Kind): Mapper {
  const since = venue.tardis.since({ venue, ...recording });
  // One of the ids that it knows.
  const exchange = venue.tardis.exchange as 'binance';
  if (kind === 'depth') return normalizeBookChanges(exchange, since) as Mapper;
  return (kind === 'trade' ? normalizeTrades(exchange, since) : normalizeBookTickers(exchange, since)) as Mapper;
}
