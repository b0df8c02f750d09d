export { type CompiledFrame, compile } from './compile.js';
export * from './declare.js';
export { decoderOf } from './decoder.js';
export { parseExact } from './exact.js';
export { type AnyFrame, type FieldsOf, type FrameDecoder, ParsedFrame, parsed } from './parsed.js';
export { load } from './scratch.js';
export { TopicTable } from './topics/table.js';
