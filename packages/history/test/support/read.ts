import type { Persister, SpeedEvent } from '@speed-protocol/core';
import { SEQ } from '../../src/datasets/columns.js';
import { DATASET_NAMES } from '../../src/datasets/table.js';
import { parseFileKey } from '../../src/layout.js';
import { RecordedFile } from '../../src/parquet/reader.js';
import { BlockCursor } from '../../src/replay/events.js';

/** Everything that is stored, by sequence: read from the files themselves, not from any manifest. */
export async function storedRows(
  store: Persister,
): Promise<Map<number, { cursor: BlockCursor; event: SpeedEvent | undefined }[]>> {
  const rows = new Map<number, { cursor: BlockCursor; event: SpeedEvent | undefined }[]>();
  for (const dataset of DATASET_NAMES) {
    for await (const { key, size } of store.list(`${dataset}/`)) {
      if (parseFileKey(key) === undefined) throw new Error(`a stray object: ${key}`);
      using file = await RecordedFile.open(store, key, size);
      for await (const { block } of file.rows()) {
        const cursor = new BlockCursor(block);
        while (cursor.next()) {
          const seq = cursor.slot(SEQ);
          rows.set(seq, [...(rows.get(seq) ?? []), { cursor, event: cursor.event() }]);
        }
      }
    }
  }
  return rows;
}
