import { skipValue } from '../scan/skip.js';
import { space, stringClose } from '../scan/strings.js';
import { bytes } from '../scratch.js';
import { equalText, TextWords } from './text.js';

const B = bytes;

/** A place in a message: `['arg', 'channel']`. */
export type Path = readonly string[];

/** Finds the routing texts of a message whose keys may come in any order, by walking it. */
export class Locator {
  /** Index of the first character of each text; -1 when the message lacks it. */
  readonly starts: Int32Array;
  private readonly keys: readonly (readonly TextWords[])[];
  private missing = 0;

  constructor(paths: readonly Path[]) {
    this.starts = new Int32Array(paths.length);
    this.keys = paths.map((path) => path.map((key) => new TextWords(Buffer.from(JSON.stringify(key).slice(1, -1)))));
  }

  /** @returns false when there is something that only the slow path understands; else `starts` holds what was found */
  locate(): boolean {
    this.starts.fill(-1);
    this.missing = this.keys.length;
    const everyPath = this.keys.map((_, index) => index);
    return this.object(space(0), 0, everyPath) >= 0;
  }

  /** Walks the object at `p`, looking for these paths; stops early when nothing is missing. @returns the index after it, or -1 */
  private object(start: number, depth: number, paths: readonly number[]): number {
    if (B[start] !== 123) return -1;
    let p = space(start + 1);
    while (B[p] === 34) {
      const close = stringClose(p + 1);
      if (close < 0) return -1;
      const wanted = paths.filter((path) => this.isKey(path, depth, p + 1, close));
      p = space(close + 1);
      if (B[p] !== 58) return -1;
      p = this.value(space(p + 1), depth, wanted);
      if (p < 0 || this.missing === 0) return p;
      p = space(p);
      if (B[p] === 44) p = space(p + 1);
    }
    return B[p] === 125 ? p + 1 : -1;
  }

  private isKey(path: number, depth: number, start: number, close: number): boolean {
    const key = this.keys[path]?.[depth];
    return key !== undefined && key.length === close - start && equalText(start, key);
  }

  private value(p: number, depth: number, wanted: readonly number[]): number {
    const deeper = wanted.filter((path) => (this.keys[path] as readonly TextWords[]).length > depth + 1);
    if (deeper.length > 0 && B[p] === 123) return this.object(p, depth + 1, deeper);
    if (B[p] === 34) for (const path of wanted) if (!deeper.includes(path)) this.found(path, p + 1);
    return skipValue(p);
  }

  private found(path: number, start: number): void {
    if ((this.starts[path] as number) < 0) this.missing--;
    this.starts[path] = start;
  }
}
