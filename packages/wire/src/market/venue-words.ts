import { type CandleEvent, SpeedError } from '@speed-protocol/core';

/**
 * Side of the taker, as most venues spell it.
 * @throws SpeedError `protocol` when it is neither
 */
export function sideFromWire(side: string): 'buy' | 'sell' {
  if (side === 'buy' || side === 'sell') return side;
  throw new SpeedError('protocol', `a side must be buy or sell and is ${JSON.stringify(side)}`);
}

/**
 * As {@link sideFromWire}, on a venue that has other words.
 * What it returns throws SpeedError `protocol` when a side is none of them.
 */
export function sideReader(words: Readonly<Record<string, 'buy' | 'sell'>>): (side: string) => 'buy' | 'sell' {
  return (side) => {
    const known = words[side];
    if (known === 'buy' || known === 'sell') return known;
    const wanted = Object.keys(words).join(' or ');
    throw new SpeedError('protocol', `field "side" must be ${wanted} and is ${JSON.stringify(side)}`);
  };
}

type Columns = Pick<CandleEvent, 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

const COLUMNS = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const satisfies readonly (keyof Columns)[];

/**
 * A candle that comes as an array, in the order that most venues have: open time (ms), open, high, low, close, volume.
 * @throws SpeedError `protocol` naming the column that is no number
 */
export function candleColumns(row: readonly unknown[]): Columns {
  const columns: Partial<Record<keyof Columns, number>> = {};
  for (const [i, name] of COLUMNS.entries()) {
    const sent = row[i];
    // "" is how venues say that there is none.
    const value = sent === '' || sent === null ? Number.NaN : Number(sent);
    if (!Number.isFinite(value)) {
      throw new SpeedError('protocol', `${name} of a candle must be a number and is ${JSON.stringify(sent)}`);
    }
    columns[name] = value;
  }
  return columns as Columns;
}
