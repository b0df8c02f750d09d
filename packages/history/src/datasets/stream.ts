import type { DatasetName } from './dataset.js';

/** What one sequence of rows belongs to: one dataset of one symbol of one venue. */
export interface StreamId {
  readonly dataset: DatasetName;
  readonly venue: string;
  /** Unified symbol; `null` when it was never resolved. */
  readonly symbol: string | null;
  readonly venueSymbol: string;
}

/** The same text for the same stream, whoever made the object. */
export const streamKey = ({ dataset, venue, symbol, venueSymbol }: StreamId): string =>
  JSON.stringify([dataset, venue, symbol, venueSymbol]);

/** Inverse of {@link streamKey}. */
export function streamOf(key: string): StreamId {
  const [dataset, venue, symbol, venueSymbol] = JSON.parse(key) as [DatasetName, string, string | null, string];
  return { dataset, venue, symbol, venueSymbol };
}

/** Consecutive rows of one stream, as they travel to the log and come back from it. */
export interface Block {
  readonly stream: StreamId;
  /** Sequence of the stream's row before this block; NaN when this recording has none: the chain that `verify` follows. */
  readonly prevSeq: number;
  readonly rows: number;
  /** `rows` x width of the dataset. */
  readonly slots: Float64Array;
  readonly levels: Float64Array;
  readonly text: Uint8Array;
}
