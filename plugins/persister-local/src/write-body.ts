import { SpeedError } from '@speed-protocol/core';
import type { OpenFile } from '@speed-protocol/files';

/** Pieces smaller than this wait for the next ones; small files are a single write then. */
const ENOUGH = 64 << 10;

export interface WriteOptions {
  /** Whether the content is on disk when this resolves. */
  readonly fsync: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Writes a whole file and closes it, whatever happens. A piece is copied or written before the next one is asked for. */
export async function writeBody(
  handle: OpenFile,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  { fsync, signal }: WriteOptions,
): Promise<void> {
  try {
    if (body instanceof Uint8Array) await writeAll(handle, body);
    else await writePieces(handle, body, signal);
    if (fsync) await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function writePieces(handle: OpenFile, body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
  const waiting = new Uint8Array(ENOUGH);
  let length = 0;
  const flush = async () => {
    await writeAll(handle, waiting.subarray(0, length));
    length = 0;
  };
  for await (const piece of body) {
    if (signal?.aborted) throw new SpeedError('aborted', 'The operation was aborted.', { cause: signal.reason });
    if (length + piece.length > ENOUGH) await flush();
    if (piece.length > ENOUGH) await writeAll(handle, piece);
    else {
      waiting.set(piece, length);
      length += piece.length;
    }
  }
  await flush();
}

/** A system may take less than it is given. */
async function writeAll(handle: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
}
