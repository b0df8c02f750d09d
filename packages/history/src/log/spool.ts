import path from 'node:path';
import { SpeedError } from '@speed-protocol/core';
import { COMMON_SLOTS, RECEIVED_AT, SEQ, VENUE_TIME } from '../datasets/columns.js';
import { type Block, streamKey } from '../datasets/stream.js';
import { DATASETS } from '../datasets/table.js';
import { logError } from './errors.js';
import type { LogFiles } from './files.js';
import { type Lock, lockFolder } from './lock.js';
import { readSegment, type SegmentContent } from './segment.js';
import { type SealedSegment, SegmentLog, segmentNumber } from './segment-log.js';

/** The last row of a stream that the recorder knows to be safe. */
export interface LastRow {
  readonly seq: number;
  /** When: the venue's time, else the time of receipt; ms. */
  readonly time: number;
  /** The venue's sequence number; `null` when it has none. */
  readonly sequence: number | null;
  /** The recording ended on purpose after this row. */
  readonly clean: boolean;
}

/** What an earlier run left in the folder. */
export interface Leftover {
  /** In order of writing; complete, torn tails cut off. */
  readonly segments: readonly SealedSegment[];
  /** By {@link streamKey}: from the state file and the segments, whichever is newer. */
  readonly last: ReadonlyMap<string, LastRow>;
  /** Largest row sequence ever given out here; 0 when there is none. */
  readonly lastSeq: number;
  /** Bytes of writes that a crash cut short. */
  readonly tornBytes: number;
}

const STATE = 'state.json';

interface State {
  readonly spool: string;
  readonly lastSeq: number;
  readonly streams: Readonly<Record<string, LastRow>>;
}

/**
 * The recorder's working folder: the log's segments and a small state file. One process at a time; always on a local
 * disk, wherever the recording itself goes.
 */
export class Spool implements AsyncDisposable {
  readonly folder: string;
  /** Names this folder in manifests: two recorders into one store never mix up. */
  readonly id: string;
  readonly log: SegmentLog;
  readonly leftover: Leftover;
  readonly #files: LogFiles;
  readonly #lock: Lock;
  #room: Uint8Array = new Uint8Array(0);

  private constructor(folder: string, files: LogFiles, lock: Lock, id: string, leftover: Leftover, next: number) {
    this.folder = folder;
    this.#files = files;
    this.#lock = lock;
    this.id = id;
    this.leftover = leftover;
    this.log = new SegmentLog(folder, files, next);
  }

  /**
   * Opens the folder, making it when needed, and repairs what a crash left.
   * @throws SpeedError `unavailable` when another process records into it; file system errors with their remedy
   */
  static async open(folder: string, files: LogFiles): Promise<Spool> {
    try {
      await files.makeFolder(folder);
      const lock = await lockFolder(folder);
      try {
        const state = await readState(folder, files);
        const { leftover, next } = await recover(folder, files, state);
        return new Spool(folder, files, lock, state.spool, leftover, next);
      } catch (error) {
        await lock[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      throw logError(error, folder);
    }
  }

  /** What a segment holds, until the next one is read: they take turns in one buffer. */
  async read(segment: SealedSegment): Promise<SegmentContent> {
    const bytes = await this.#files.read(segment.path, this.#room);
    if (bytes.length > this.#room.length) this.#room = bytes;
    return readSegment(bytes);
  }

  /** Remembers where every stream stands, before the segments that say so go away. */
  async saveState(last: ReadonlyMap<string, LastRow>, lastSeq: number): Promise<void> {
    await writeState(this.folder, this.#files, { spool: this.id, lastSeq, streams: Object.fromEntries(last) });
  }

  async remove(segment: SealedSegment): Promise<void> {
    await this.#files.remove(segment.path);
  }

  /** Keeps a damaged segment for whoever wants to look; it is not read again. */
  async setAside(segment: SealedSegment): Promise<string> {
    const target = `${segment.path}.damaged`;
    await this.#files.rename(segment.path, target);
    return target;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock[Symbol.asyncDispose]();
  }
}

async function recover(folder: string, files: LogFiles, state: State): Promise<{ leftover: Leftover; next: number }> {
  const last = new Map(Object.entries(state.streams));
  const segments: SealedSegment[] = [];
  let [lastSeq, tornBytes, next] = [state.lastSeq, 0, 1];
  for (const name of (await files.list(folder)).sort()) {
    const number = segmentNumber(name.replace(/\.damaged$/, ''));
    if (number === undefined) continue;
    next = number + 1;
    if (name.endsWith('.damaged')) continue;
    const file = path.join(folder, name);
    const content = readSegment(await files.read(file));
    tornBytes += content.tornBytes;
    if (content.tornBytes > 0) await files.truncate(file, content.validEnd);
    if (content.validEnd === 0) await files.remove(file);
    else segments.push({ path: file, bytes: content.validEnd });
    for (const block of content.blocks) lastSeq = Math.max(lastSeq, noteLast(last, block, content.clean));
    if (content.clean) for (const [key, row] of last) last.set(key, { ...row, clean: true });
  }
  return { leftover: { segments, last, lastSeq, tornBytes }, next };
}

/** Records a block's last row in `last` and returns its sequence. */
export function noteLast(last: Map<string, LastRow>, block: Block, clean = false): number {
  const width = block.slots.length / block.rows;
  const at = (block.rows - 1) * width;
  const seq = block.slots[at + SEQ]!;
  const venueTime = block.slots[at + VENUE_TIME]!;
  const sequenceColumn = DATASETS[block.stream.dataset].columns.findIndex(({ name }) => name === 'sequence');
  const sequence = sequenceColumn < 0 ? Number.NaN : block.slots[at + COMMON_SLOTS + sequenceColumn]!;
  last.set(streamKey(block.stream), {
    seq,
    time: Number.isNaN(venueTime) ? block.slots[at + RECEIVED_AT]! : venueTime,
    sequence: Number.isNaN(sequence) ? null : sequence,
    clean,
  });
  return seq;
}

async function readState(folder: string, files: LogFiles): Promise<State> {
  if (!(await files.list(folder)).includes(STATE)) {
    const fresh: State = { spool: crypto.randomUUID().slice(0, 8), lastSeq: 0, streams: {} };
    await writeState(folder, files, fresh);
    return fresh;
  }
  const file = path.join(folder, STATE);
  try {
    return JSON.parse(new TextDecoder().decode(await files.read(file))) as State;
  } catch (cause) {
    throw new SpeedError('protocol', `${file} is not readable JSON; restore it, or remove it to start a new recording here`, {
      cause,
    });
  }
}

async function writeState(folder: string, files: LogFiles, state: State): Promise<void> {
  const temporary = path.join(folder, `${STATE}.new`);
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    await file.write(new TextEncoder().encode(JSON.stringify(state)), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path.join(folder, STATE));
  await files.syncFolder(folder);
}
