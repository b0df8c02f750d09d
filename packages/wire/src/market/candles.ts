import type { CandleEvent } from '@speed-protocol/core';
import type { IntervalNames } from '../exchange/intervals.js';
import { type AnyFrame, type ParsedFrame, parsed } from '../frames/index.js';
import { type FrameReader, type FrameReaderDefinition, frameReader, readersByName } from './collector.js';
import type { Outlet } from './outlet.js';

type CandleRow = Pick<CandleEvent, 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'closed'>;

/** Candles that come as arrays. @param rowsOf those of a message */
export function candleRows<M>(rowsOf: (message: M) => readonly CandleRow[]): {
  readonly frame: ParsedFrame<readonly CandleRow[]>;
  readonly start: (out: Outlet) => (rows: readonly CandleRow[]) => void;
} {
  return {
    frame: parsed((message) => rowsOf(message as M)),
    start: (out) => (rows) => {
      for (const row of rows) out.candle(Number.NaN, { interval: out.interval, ...row });
    },
  };
}

/**
 * Readers of captured candles by the venue's name of their interval: the messages do not say it, topic or URL does.
 * @param what begins their names in messages, e.g. `kline.`
 */
export function candleReaders<F extends AnyFrame>(
  what: string,
  names: IntervalNames,
  { frame, start }: Pick<FrameReaderDefinition<F>, 'frame' | 'start'>,
): (name: string) => FrameReader {
  return readersByName((name) => {
    const options = { interval: names.fromWire(name) };
    return frameReader({
      what: `${what}${name}`,
      frame,
      start: (out) => {
        out.subject = { ...out.subject, options };
        return start(out);
      },
    });
  });
}
