import { type Connector, type Instrument, nearest, SpeedError } from '@speed-protocol/core';

/**
 * The instrument that the prototype's clients mean: a bare BASE/QUOTE on a venue without spot is its one perpetual of
 * that pair.
 * @throws SpeedError `invalid-request`, `not-found` naming the nearest symbol, or both when there are two
 */
export async function resolveInstrument({ venue, reference }: Connector, symbol: unknown): Promise<Instrument> {
  if (typeof symbol !== 'string') throw new SpeedError('invalid-request', 'params.symbol must be a symbol, e.g. "BTC/USDT"');
  const all = await reference.instruments();
  const exact = all.find((each) => each.symbol === symbol);
  if (exact) return exact;
  const [base, quote, ...more] = symbol.split('/');
  const candidates = all.filter((each) => more.length === 0 && isPerpetualOf(each, base, quote));
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length > 1) {
    const names = candidates.map((each) => each.symbol).join(', ');
    throw new SpeedError('invalid-request', `${symbol} on ${venue} is one of ${names}; name the one that you mean`, { venue });
  }
  const near = nearest(
    symbol,
    all.map((each) => each.symbol),
  );
  throw new SpeedError('not-found', `${venue} has no "${symbol}"${near ? `; did you mean "${near}"?` : ''}`, { venue });
}

function isPerpetualOf(each: Instrument, base: string | undefined, quote: string | undefined): boolean {
  return each.kind === 'perpetual' && each.status === 'open' && each.base === base && each.quote === quote;
}
