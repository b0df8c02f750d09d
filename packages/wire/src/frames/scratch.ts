/**
 * The one buffer that every frame is copied into before it is scanned. It never moves, so that the compiler can take its
 * address for a constant, and a zero byte ends the frame, so that a scan needs no bounds check: no JSON holds one.
 */

/** Longest frame that the fast path takes, bytes. Memory is only touched as far as frames reach. */
export const CAPACITY = 1 << 20;

/** Room for the ending zero and for reads of whole words beyond it. */
const PAD = 64;

/** What Node's buffers have under `toString`, without its switch over encodings. */
interface Slicing {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

export const scratch = Buffer.from(new ArrayBuffer(CAPACITY + PAD)) as Buffer<ArrayBuffer> & Slicing;
export const bytes = new Uint8Array(scratch.buffer);
export const words = new DataView(scratch.buffer);

/**
 * Where levels are written: one array for all frames, as they are valid until the next frame only. A level takes at least
 * six bytes of text (`[1,2],`), so a frame that fits the scratch buffer cannot overflow it.
 */
export const levelValues = new Float64Array(2 * Math.ceil(CAPACITY / 6) + 2);

/**
 * A value of the loaded frame that has been gone over already: its first index, and the index after it. A topic table leaves it
 * here, so that the scanner need not read the routing texts again; -1 when there is none.
 */
export const knownValue = Int32Array.of(-1, -1);
const KNOWN = knownValue;

/** A frame longer than the scratch buffer, whole; it goes to the slow path. */
let oversize: Buffer | undefined;

/**
 * Copies a frame into the scratch buffer and ends it with a zero byte.
 * What was decoded from the frame before is not valid any more.
 * @returns its length, for `decodeLoaded` and `lookupLoaded`
 */
export function load(frame: Uint8Array): number {
  const length = frame.length;
  KNOWN[0] = -1;
  if (length > CAPACITY) return loadOversize(frame);
  bytes.set(frame);
  bytes[length] = 0;
  return length;
}

function loadOversize(frame: Uint8Array): number {
  oversize = Buffer.from(frame);
  bytes.set(frame.subarray(0, CAPACITY));
  bytes[CAPACITY] = 0;
  return frame.length;
}

/** The loaded frame as text. */
export function loadedText(length: number): string {
  if (length <= CAPACITY) return scratch.utf8Slice(0, length);
  return (oversize as Buffer).toString('utf8', 0, length);
}
