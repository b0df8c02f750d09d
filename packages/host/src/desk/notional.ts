import { type Exact, exact, floorRatio, multiply, negate } from '@speed-protocol/book';
import type { Decimal, Instrument } from '@speed-protocol/core';

/** Quote value of one lot; `null` when it takes a price and there is none. Inverse contracts are worth quote at any price. */
function valueOfLot(instrument: Instrument, price: Decimal | null): Exact | null {
  const size = multiply(exact(instrument.contractSize), exact(instrument.lotSize));
  if (instrument.inverse) return size;
  return price === null ? null : multiply(size, exact(price));
}

/** The smallest amount on the grid that is worth at least `value` of quote. */
export function leastForNotional(instrument: Instrument, value: Exact, price: Decimal | null): Exact | null {
  const lot = valueOfLot(instrument, price);
  return lot === null ? null : lots(instrument, -floorRatio(negate(value), lot));
}

/** The largest amount on the grid that is worth at most `value` of quote. */
export function mostForNotional(instrument: Instrument, value: Exact, price: Decimal | null): Exact | null {
  const lot = valueOfLot(instrument, price);
  return lot === null ? null : lots(instrument, floorRatio(value, lot));
}

function lots({ lotSize }: Instrument, count: bigint): Exact {
  return multiply({ units: count, scale: 0 }, exact(lotSize));
}
