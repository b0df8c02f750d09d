import type { Fields, FrameNode } from './declare.js';
import { parseExact } from './exact.js';
import { loadedText } from './scratch.js';

/**
 * A message that no declaration describes, e.g. one whose rows are arrays: read by hand from its JSON. Ten times as slow as
 * a declared one; for feeds of a few messages a second.
 */
export class ParsedFrame<out T = unknown> {
  /** @param read what the message says; throws when it is of another shape. Integers beyond 2^53 are strings. */
  constructor(readonly read: (message: unknown) => T) {}
}

export const parsed = <T>(read: (message: unknown) => T): ParsedFrame<T> => new ParsedFrame(read);

/** How a message is described. */
export type AnyFrame = FrameNode | ParsedFrame;

/** What reading a message gives. */
export type FieldsOf<F> = F extends ParsedFrame<infer T> ? T : Fields<F>;

/** What reads messages of one kind, whichever way they are described. */
export interface FrameDecoder<T = unknown> {
  readonly fields: T;
  decodeLoaded(length: number): boolean;
  readonly problem: string;
}

/** The decoder of a {@link ParsedFrame}; unlike a compiled one's, its fields are another object for each message. */
export class ParsedDecoder<T> implements FrameDecoder<T> {
  fields!: T;
  problem = '';

  constructor(private readonly frame: ParsedFrame<T>) {}

  decodeLoaded(length: number): boolean {
    try {
      this.fields = this.frame.read(parseExact(loadedText(length)));
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
    return this.problem === '';
  }
}
