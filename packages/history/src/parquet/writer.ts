import type { DatasetName } from '../datasets/dataset.js';
import type { StreamId } from '../datasets/stream.js';
import type { Slice } from '../rollover/runs.js';
import { ARROW_SCHEMAS } from './arrow-schemas.js';
import { footer, MAGIC, type StoredGroup } from './footer.js';
import { type FinishedGroup, RowGroups } from './row-group.js';

/** Under this key every file names its stream: `{"dataset","venue","symbol","venueSymbol"}`. */
export const STREAM_KEY = 'speed.stream';
/** The same schema in Arrow's words, base64: which types pandas gives the columns. */
const ARROW_KEY = 'ARROW:schema';

/** Writers that are not in use: their arrays are large, and making them anew for every file is what makes memory climb. */
const idle = new Map<DatasetName, RowGroups[]>();

/**
 * A Parquet file of a stream's rows, in pieces: zstd, dictionaries, statistics. Memory stays at about one row group.
 */
export async function* writeParquet(
  stream: StreamId,
  slices: Iterable<Slice> | AsyncIterable<Slice>,
): AsyncGenerator<Uint8Array> {
  const writer = idle.get(stream.dataset)?.pop() ?? new RowGroups(stream.dataset);
  const groups: StoredGroup[] = [];
  let at = MAGIC.length;
  const stored = ({ rows, chunks, bytes }: FinishedGroup) => {
    groups.push({ rows, chunks, at });
    at += bytes.length;
    return bytes;
  };
  writer.begin(stream);
  yield MAGIC;
  for await (const slice of slices) for (const group of writer.add(slice)) yield stored(group);
  for (const group of writer.end()) yield stored(group);
  const pairs = { [STREAM_KEY]: JSON.stringify(stream), [ARROW_KEY]: ARROW_SCHEMAS[stream.dataset] };
  yield footer({ columns: writer.columns.all, groups, pairs });
  // One that failed half way is not kept: it still has rows.
  idle.set(stream.dataset, [...(idle.get(stream.dataset) ?? []), writer]);
}
