export { type BodyRow, type BodyTable, type Opened, openedBy } from './bodies.js';
export { candleReaders, candleRows } from './candles.js';
export {
  type FrameReader,
  type FrameReaderDefinition,
  frameReader,
  type Piece,
  readersByName,
  type TextReader,
} from './collector.js';
export { bodiesIn, type Channel, envelope, fields, type Reading, readersOf } from './envelopes.js';
export { allOf, type Handler, namedBy, onlyIf } from './handlers.js';
export { type Listener, Listeners } from './listeners.js';
export * from './market-data.js';
export * from './normalizer.js';
export { Outlet, type OutletSink, type Subject } from './outlet.js';
export * from './quiet.js';
export * from './rows.js';
export * from './rules.js';
export * from './sequencer.js';
export { Lifetime, type Source } from './source.js';
export { candleColumns, sideFromWire, sideReader } from './venue-words.js';
