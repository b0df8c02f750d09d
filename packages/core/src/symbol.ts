/**
 * ccxt's unified symbol grammar, parsed and printed.
 *
 * | text                          | means                                            |
 * |-------------------------------|--------------------------------------------------|
 * | `BTC/USDT`                    | spot                                             |
 * | `BTC/USDT:USDT`               | perpetual, settled in USDT (linear)              |
 * | `BTC/USD:BTC`                 | perpetual, settled in BTC (inverse)              |
 * | `BTC/USD:BTC-261225`          | future, expiring 2026-12-25 (YYMMDD)             |
 * | `BTC/USD:BTC-261225-100000-C` | option: strike 100000, call (`C`) or put (`P`)   |
 */
export interface SymbolParts {
  readonly base: string;
  readonly quote: string;
  /** Settlement currency; absent on spot. */
  readonly settle?: string;
  /** `YYMMDD`; absent on spot and perpetuals. */
  readonly expiry?: string;
  /** Strike price as written; only with {@link optionType}. */
  readonly strike?: string;
  readonly optionType?: 'C' | 'P';
}

const CODE = '[^/:\\s]+';
// The settle code is lazy so that a dated tail is taken as one, and codes that contain "-" still work.
const GRAMMAR = new RegExp(`^(${CODE})/(${CODE})(?::(${CODE}?)(?:-(\\d{6})(?:-(\\d+(?:\\.\\d+)?)-([CP]))?)?)?$`, 'u');

/** Parts of a unified symbol, or `undefined` when the text is not one. */
export function tryParseSymbol(symbol: string): SymbolParts | undefined {
  const match = GRAMMAR.exec(symbol);
  if (!match) return undefined;
  const [, base, quote, settle, expiry, strike, optionType] = match;
  return {
    base: base as string,
    quote: quote as string,
    ...(settle !== undefined && { settle }),
    ...(expiry !== undefined && { expiry }),
    ...(strike !== undefined && { strike, optionType: optionType as 'C' | 'P' }),
  };
}

/**
 * Parts of a unified symbol.
 * @throws RangeError naming the text and the grammar when it is not one
 */
export function parseSymbol(symbol: string): SymbolParts {
  const parts = tryParseSymbol(symbol);
  if (!parts) {
    throw new RangeError(
      `"${symbol}" is not a unified symbol; write BASE/QUOTE (spot), BASE/QUOTE:SETTLE (perpetual), ` +
        'BASE/QUOTE:SETTLE-YYMMDD (future) or BASE/QUOTE:SETTLE-YYMMDD-STRIKE-C|P (option)',
    );
  }
  return parts;
}

/** Inverse of {@link parseSymbol}. */
export function formatSymbol(parts: SymbolParts): string {
  let text = `${parts.base}/${parts.quote}`;
  if (parts.settle !== undefined) text += `:${parts.settle}`;
  if (parts.expiry !== undefined) text += `-${parts.expiry}`;
  if (parts.strike !== undefined) text += `-${parts.strike}-${parts.optionType}`;
  return text;
}

/** `YYMMDD` of an expiry instant (ms since epoch, UTC), as the grammar writes it. */
export function formatExpiry(time: number): string {
  return new Date(time).toISOString().slice(2, 10).replaceAll('-', '');
}
