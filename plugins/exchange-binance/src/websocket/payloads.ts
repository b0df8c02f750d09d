import { chained, contiguous, type FrameReader, frame, frameReader, type SequenceRule } from '@speed-protocol/wire';
import { combined, SHAPES } from './frames.js';
import { HANDLERS, partialBook } from './market.js';

/** A payload as captures hold it: bare, or in the wrapper of combined streams. */
export interface PayloadReaders {
  readonly bare: FrameReader;
  readonly combined: FrameReader;
}

const RULES: Partial<Record<keyof typeof SHAPES, SequenceRule>> = { spotDepth: contiguous, futuresDepth: chained };

/** Readers of each kind of payload, by the name of its shape. */
export const PAYLOADS = {
  spotDepth: readersOf('spotDepth'),
  futuresDepth: readersOf('futuresDepth'),
  futuresBook: readersOf('futuresDepth', partialBook),
  spotBook: readersOf('spotBook'),
  trade: readersOf('trade'),
  aggTrade: readersOf('aggTrade'),
  quote: readersOf('quote'),
  ticker: readersOf('ticker'),
  miniTicker: readersOf('miniTicker'),
  candle: readersOf('candle'),
  markPrice: readersOf('markPrice'),
  liquidation: readersOf('liquidation'),
} as const;

export type PayloadKind = keyof typeof PAYLOADS;

/** Readers of the messages as they come live: on combined streams. */
export const READERS: Readonly<Record<string, FrameReader>> = Object.fromEntries(
  Object.entries(PAYLOADS).map(([kind, { combined }]) => [kind, combined]),
);

function readersOf<K extends keyof typeof SHAPES>(kind: K, handler?: (typeof HANDLERS)[K]): PayloadReaders {
  // The union over all kinds is more than the checker can follow; HANDLERS' own type ties each handler to its shape.
  const shape = SHAPES[kind] as (typeof SHAPES)['quote'];
  const handle = (handler ?? HANDLERS[kind]) as (typeof HANDLERS)['quote'];
  const common = { what: kind, rule: RULES[kind] };
  return {
    bare: frameReader({ ...common, frame: frame(shape), start: handle }),
    combined: frameReader({
      ...common,
      frame: combined(shape),
      start: (outlet) => (fields) => handle(outlet)(fields.data),
    }),
  };
}
