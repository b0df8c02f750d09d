import type { DatasetName } from './datasets/dataset.js';
import { type StreamId, streamKey } from './datasets/stream.js';
import { DATASET_NAMES } from './datasets/table.js';
import type { LastRow } from './log/spool.js';
import { PendingStream, type RowHead } from './pending.js';

type Index = Readonly<Record<DatasetName, Map<string, Map<string, PendingStream>>>>;

/** The streams of a writer, opened by their first row. */
export class PendingStreams {
  readonly #last: ReadonlyMap<string, LastRow>;
  readonly #byKey = new Map<string, PendingStream>();
  readonly #ids: StreamId[] = [];
  /** dataset -> venue -> symbol -> stream: found without making a string. */
  readonly #index = Object.fromEntries(DATASET_NAMES.map((name) => [name, new Map()])) as unknown as Index;

  /** @param last where earlier runs left their streams */
  constructor(last: ReadonlyMap<string, LastRow>) {
    this.#last = last;
  }

  /** All of them, by number; grows. */
  get ids(): readonly StreamId[] {
    return this.#ids;
  }

  of(dataset: DatasetName, head: RowHead): PendingStream {
    const symbol = head.symbol ?? head.venueSymbol;
    const venues = this.#index[dataset];
    const known = venues.get(head.venue)?.get(symbol);
    if (known !== undefined && known.id.venueSymbol === head.venueSymbol) return known;
    const stream = this.#open(dataset, head);
    venues.set(head.venue, (venues.get(head.venue) ?? new Map()).set(symbol, stream));
    return stream;
  }

  #open(dataset: DatasetName, { venue, symbol, venueSymbol }: RowHead): PendingStream {
    const id = { dataset, venue, symbol, venueSymbol };
    const key = streamKey(id);
    let stream = this.#byKey.get(key);
    if (stream === undefined) {
      stream = new PendingStream(id, this.#ids.length, this.#last.get(key));
      this.#ids.push(id);
      this.#byKey.set(key, stream);
    }
    return stream;
  }
}
