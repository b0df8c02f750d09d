import { type AnyFrame, decoderOf, type FieldsOf, type FrameDecoder } from '../frames/index.js';

/** A frame with what reads it, its type forgotten: what tables hold. */
export interface FrameHandler<O> {
  /** Compiled at first use, once. */
  decoder(): FrameDecoder;
  /** A fresh handler; it reads the decoder's fields. */
  start(outlet: O): () => void;
}

/** Checks a handler against its frame. */
export function frameHandler<F extends AnyFrame, O>(
  frame: F,
  start: (outlet: O) => (fields: FieldsOf<F>) => void,
): FrameHandler<O> {
  let made: FrameDecoder<FieldsOf<F>> | undefined;
  const decoder = () => {
    made ??= decoderOf(frame);
    return made;
  };
  return {
    decoder,
    start: (outlet) => {
      const decodes = decoder();
      const handle = start(outlet);
      // Asked for at each call: the fields of a frame that is parsed are another object each time.
      return () => handle(decodes.fields);
    },
  };
}
