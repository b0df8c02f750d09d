import type { Persister } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import type { Table } from 'apache-arrow';
import type { ParquetFile } from 'parquet-wasm';
import type { Block, StreamId } from '../datasets/stream.js';
import { BlockAssembler } from './assemble.js';
import { ROW_GROUP } from './row-group.js';
import { STREAM_KEY } from './writer.js';

interface Libraries {
  readonly wasm: typeof import('parquet-wasm');
  readonly arrow: typeof import('apache-arrow');
}
let loaded: Promise<Libraries> | undefined;

/** 6 MB of WebAssembly and Arrow: loaded by the first file that is read. Recording reads none, and starts without them. */
function libraries(): Promise<Libraries> {
  loaded ??= Promise.all([import('parquet-wasm'), import('apache-arrow')]).then(([wasm, arrow]) => ({ wasm, arrow }));
  return loaded;
}

/** Rows as they were written, and the `timestamp` of each. */
export interface StoredRows {
  readonly block: Block;
  readonly times: Float64Array;
}

/** One recorded file, read by ranges: memory stays at about one row group. */
export class RecordedFile implements Disposable {
  readonly stream: StreamId;
  readonly rowGroups: number;
  readonly #file: ParquetFile;
  readonly #source: RangedSource;
  readonly #key: string;

  private constructor(file: ParquetFile, source: RangedSource, key: string) {
    this.#file = file;
    this.#source = source;
    this.#key = key;
    const metadata = file.metadata();
    this.rowGroups = metadata.numRowGroups();
    const pairs = metadata.fileMetadata().keyValueMetadata() as Map<string, string>;
    metadata.free();
    const stream = pairs.get(STREAM_KEY);
    if (stream === undefined) throw unreadable(key, `it lacks the key "${STREAM_KEY}", so it is no recording of SPEED`);
    this.stream = JSON.parse(stream) as StreamId;
  }

  /** @throws SpeedError `protocol` when the object is no readable Parquet file; whatever the store throws */
  static async open(store: Pick<Persister, 'get'>, key: string, size: number): Promise<RecordedFile> {
    const { wasm } = await libraries();
    const source = new RangedSource(store, key, size);
    return source.run(key, async () => new RecordedFile(await wasm.ParquetFile.fromFile(source.blob), source, key));
  }

  /** One row group as an Arrow table. */
  #table(group: number): Promise<Table> {
    return this.#source.run(this.#key, async () => {
      const table = await this.#file.read({ rowGroups: [group], batchSize: ROW_GROUP });
      return (await libraries()).arrow.tableFromIPC(table.intoIPCStream());
    });
  }

  /** All rows in stored order. The arrays belong to the caller. */
  async *rows(): AsyncGenerator<StoredRows> {
    const assembler = new BlockAssembler(this.stream);
    for (let group = 0; group < this.rowGroups; group++) {
      assembler.add(await this.#table(group));
      const rows = assembler.take(group + 1 === this.rowGroups);
      if (rows !== undefined) yield rows;
    }
  }

  [Symbol.dispose](): void {
    // A read that was given up still holds it; see RangedSource.
    if (!this.#source.failed) this.#file.free();
  }
}

/**
 * What the WebAssembly reader takes for a Blob: it asks for `size` and for slices, and gets ranges of the object. It takes every
 * slice for granted: one that is refused, or shorter than asked for, ends the process with `unreachable`. So a range that
 * the store does not give never arrives there, and {@link run} gives up the call.
 */
class RangedSource {
  readonly blob: Blob;
  failed = false;
  readonly #failure: Promise<never>;

  constructor(store: Pick<Persister, 'get'>, key: string, size: number) {
    let fail!: (error: unknown) => void;
    this.#failure = new Promise((_, reject) => {
      fail = reject;
    });
    this.#failure.catch(() => undefined);
    const arrayBuffer = async (start: number, end: number): Promise<ArrayBuffer> => {
      try {
        return await readExactly(store, key, start, end);
      } catch (error) {
        this.failed = true;
        fail(error);
        return new Promise(() => {});
      }
    };
    const slice = (start: number, end: number) => ({ size: end - start, arrayBuffer: () => arrayBuffer(start, end) });
    this.blob = { size, slice } as unknown as Blob;
  }

  /** Runs a call of the reader. @throws what the store threw, or SpeedError `protocol` with the reader's words */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await Promise.race([work(), this.#failure]);
    } catch (error) {
      throw SpeedError.is(error) ? error : unreadable(key, String(error), error);
    }
  }
}

async function readExactly(store: Pick<Persister, 'get'>, key: string, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = await store.get(key, { start, end });
  if (bytes.length !== end - start) throw unreadable(key, `it ends at ${start + bytes.length}, where ${end} was expected`);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

const unreadable = (key: string, why: string, cause?: unknown) =>
  new SpeedError('protocol', `${key} cannot be read as Parquet: ${why}. Restore it from a copy, or remove it and list the gap.`, {
    cause,
  });
