import {
  chained,
  contiguous,
  type FrameReader,
  frame,
  frameReader,
  type Outlet,
  type Shape,
  type ShapeFields,
} from '@speed-protocol/wire';
import { combined, SHAPES } from './frames.js';
import { HANDLERS, partialBook } from './market.js';

/** A kind of payload, in the wrapper of combined streams. */
function told<const S extends Shape>(shape: S, handler: (out: Outlet) => (payload: ShapeFields<S>) => void) {
  const start = (out: Outlet) => {
    const handle = handler(out);
    return ({ data }: { readonly data: ShapeFields<S> }) => handle(data);
  };
  return { frame: combined(shape), start };
}

/** What each kind of stream sends, and what reads it. */
export const CHANNELS = {
  spotDepth: { ...told(SHAPES.spotDepth, HANDLERS.spotDepth), depth: { rule: contiguous, snapshot: 'rest' } },
  futuresDepth: { ...told(SHAPES.futuresDepth, HANDLERS.futuresDepth), depth: { rule: chained, snapshot: 'rest' } },
  futuresBook: told(SHAPES.futuresDepth, partialBook),
  spotBook: told(SHAPES.spotBook, HANDLERS.spotBook),
  trade: told(SHAPES.trade, HANDLERS.trade),
  aggTrade: told(SHAPES.aggTrade, HANDLERS.aggTrade),
  quote: told(SHAPES.quote, HANDLERS.quote),
  ticker: told(SHAPES.ticker, HANDLERS.ticker),
  miniTicker: told(SHAPES.miniTicker, HANDLERS.miniTicker),
  candle: told(SHAPES.candle, HANDLERS.candle),
  markPrice: told(SHAPES.markPrice, HANDLERS.markPrice),
  liquidation: told(SHAPES.liquidation, HANDLERS.liquidation),
} as const;

export type PayloadKind = keyof typeof CHANNELS;

/** Readers of one wrapping, by kind. */
type Readers = Readonly<Record<PayloadKind, FrameReader>>;

function readersOf(read: (channel: (typeof CHANNELS)['quote']) => Pick<FrameReader, 'frame'> & { start: never }): Readers {
  const readers = Object.entries(CHANNELS).map(([what, channel]) => {
    const rule = 'depth' in channel ? channel.depth.rule : undefined;
    // Each channel's frame and handler fit, as it was made of both; the union of all has forgotten it.
    return [what, frameReader({ what, rule, ...read(channel as never) })];
  });
  return Object.fromEntries(readers) as Readers;
}

/** Messages as they come live: on combined streams. */
export const READERS = readersOf(({ frame, start }) => ({ frame, start: start as never }));

/** Payloads as captures hold them, too: bare. */
export const BARE = readersOf((channel) => {
  const start = (out: Outlet) => {
    const handle = channel.start(out);
    return (data: Parameters<typeof handle>[0]['data']) => handle({ data });
  };
  return { frame: frame(channel.frame.shape.data.shape), start: start as never };
});
