import { type Decimal, formatExpiry, formatSymbol, type Instrument, isDecimal } from '@speed-protocol/core';

type LimitName = 'tickSize' | 'lotSize' | 'minAmount' | 'maxAmount' | 'minNotional' | 'minPrice' | 'maxPrice';

/** One row of a listing, read: what the instrument is, and its limits as the venue writes them. */
export interface ListedInstrument
  extends Pick<Instrument, 'venue' | 'venueSymbol' | 'kind' | 'status' | 'base' | 'quote' | 'contractSize'>,
    Partial<Pick<Instrument, 'settle' | 'inverse' | 'expiry' | 'strike' | 'optionType' | 'fundingIntervalHours'>> {
  /** A limit of 0 is switched off. Without a tick or lot the step is 1. */
  readonly limits: { readonly [K in LimitName]?: string | undefined };
}

/** An instrument of a listing: its unified symbol is made of its parts. */
export function instrumentOf({ limits, ...listed }: ListedInstrument): Instrument {
  const { base, quote, settle, expiry, strike, optionType } = listed;
  const parts = {
    base,
    quote,
    ...(settle !== undefined && { settle }),
    ...(expiry !== undefined && { expiry: formatExpiry(expiry) }),
    ...(strike !== undefined && { strike, optionType: optionType === 'call' ? ('C' as const) : ('P' as const) }),
  };
  const steps = { tickSize: '1' as Decimal, lotSize: '1' as Decimal };
  const given = Object.entries(limits).map(([name, text]) => [name, limitOf(text)] as const);
  const known = Object.fromEntries(given.filter(([, limit]) => limit !== undefined));
  return Object.freeze({ ...listed, symbol: formatSymbol(parts), ...steps, ...known });
}

/** Without trailing zeros, so that its decimal places say what the step is; `undefined` for 0 and for no number. */
export function limitOf(text: string | undefined): Decimal | undefined {
  if (text === undefined || !isDecimal(text) || Number(text) === 0) return undefined;
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text) as Decimal;
}

/** Instruments, each symbol once: of two, the one that trades wins. */
export function eachSymbolOnce(instruments: Iterable<Instrument | undefined>): Instrument[] {
  const bySymbol = new Map<string, Instrument>();
  for (const instrument of instruments) {
    if (!instrument) continue;
    const rival = bySymbol.get(instrument.symbol);
    if (!rival || (rival.status !== 'open' && instrument.status === 'open')) bySymbol.set(instrument.symbol, instrument);
  }
  return [...bySymbol.values()];
}
