import { compile } from './compile.js';
import { type AnyFrame, type FieldsOf, type FrameDecoder, ParsedDecoder, ParsedFrame } from './parsed.js';

/** Makes the decoder of a message. */
export function decoderOf<F extends AnyFrame>(frame: F): FrameDecoder<FieldsOf<F>> {
  const decoder: FrameDecoder = frame instanceof ParsedFrame ? new ParsedDecoder(frame) : compile(frame);
  return decoder as FrameDecoder<FieldsOf<F>>;
}
