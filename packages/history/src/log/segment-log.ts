import path from 'node:path';
import type { Block } from '../datasets/stream.js';
import { streamKey } from '../datasets/stream.js';
import { logError } from './errors.js';
import type { LogFile, LogFiles } from './files.js';
import { FrameBuffer } from './frames.js';

interface Segment {
  readonly path: string;
  readonly file: LogFile;
  readonly streams: Map<string, number>;
  /** Bytes that are on disk for certain. */
  length: number;
  frames: number;
}

/** A segment that nothing will be added to any more. */
export interface SealedSegment {
  readonly path: string;
  readonly bytes: number;
}

const NAME = /^segment-(\d{10})\.log$/;

/** File name of a segment; names sort in order of writing. */
const segmentName = (number: number): string => `segment-${String(number).padStart(10, '0')}.log`;
/** Number of a segment, or `undefined` when the file is none. */
export const segmentNumber = (name: string): number | undefined => {
  const match = NAME.exec(name);
  return match === null ? undefined : Number(match[1]);
};

/**
 * The append side of the log: one group commit at a time, acknowledged only when it is on disk.
 * A failed commit leaves nothing behind that counts: what was half written is cut off, or the segment is given up.
 */
export class SegmentLog {
  readonly #folder: string;
  readonly #files: LogFiles;
  readonly #frames = new FrameBuffer();
  #next: number;
  #current: Segment | undefined;
  readonly #abandoned: SealedSegment[] = [];

  constructor(folder: string, files: LogFiles, nextNumber: number) {
    this.#folder = folder;
    this.#files = files;
    this.#next = nextNumber;
  }

  /** Bytes in the segment that is being written. */
  get length(): number {
    return this.#current?.length ?? 0;
  }

  /**
   * Writes the blocks and brings them to disk. Not reentrant. After a failure the same blocks may be appended again.
   * @throws SpeedError `unavailable` (disk full, disk broken) or `unauthorized`
   */
  async append(blocks: readonly Block[]): Promise<void> {
    try {
      this.#current ??= await this.#create();
      const segment = this.#current;
      const frames = this.#encode(segment, blocks);
      await this.#commit(segment, frames);
    } catch (error) {
      throw logError(error, this.#folder);
    }
  }

  /** Ends the current segment; `clean` marks the end of the recording. `undefined` when there is nothing in it. */
  async seal(clean: boolean): Promise<SealedSegment | undefined> {
    if (clean) this.#current ??= await this.#create();
    const segment = this.#current;
    if (segment === undefined) return undefined;
    this.#frames.clear();
    this.#frames.seal(segment.frames, clean);
    try {
      await this.#commit(segment, segment.frames + 1);
    } catch {
      // A segment without a seal is as good, its end is just not known to be on purpose; it was given up and is taken there.
      return undefined;
    }
    this.#current = undefined;
    await segment.file.close();
    return { path: segment.path, bytes: segment.length };
  }

  #encode(segment: Segment, blocks: readonly Block[]): number {
    this.#frames.clear();
    let frame = segment.frames;
    for (const block of blocks) {
      const key = streamKey(block.stream);
      let number = segment.streams.get(key);
      if (number === undefined) {
        number = segment.streams.size;
        segment.streams.set(key, number);
        this.#frames.stream(frame++, number, block.stream);
      }
      this.#frames.rows(frame++, number, block);
    }
    return frame;
  }

  async #commit(segment: Segment, frames: number): Promise<void> {
    const { bytes } = this.#frames;
    try {
      await segment.file.write(bytes, segment.length);
      await segment.file.sync();
    } catch (error) {
      await this.#abandon(segment);
      throw error;
    }
    segment.length += bytes.length;
    segment.frames = frames;
  }

  /**
   * After a failed write or sync nobody knows what is on disk, and a second sync may lie: cut what was not acknowledged
   * and go on in a new file. Should the cut fail too, roll-over skips repeated rows by their sequence.
   */
  async #abandon(segment: Segment): Promise<void> {
    this.#current = undefined;
    await segment.file.truncate(segment.length).catch(() => undefined);
    await segment.file.close().catch(() => undefined);
    // What it holds was acknowledged: it is rolled over like any other.
    if (segment.length > 0) this.#abandoned.push({ path: segment.path, bytes: segment.length });
    else await this.#files.remove(segment.path).catch(() => undefined);
  }

  /** Segments that were given up after a failure since the last call, in order. */
  takeAbandoned(): SealedSegment[] {
    return this.#abandoned.splice(0);
  }

  async #create(): Promise<Segment> {
    const target = path.join(this.#folder, segmentName(this.#next));
    const file = await this.#files.create(target);
    this.#next++;
    await this.#files.syncFolder(this.#folder);
    return { path: target, file, streams: new Map(), length: 0, frames: 0 };
  }
}
