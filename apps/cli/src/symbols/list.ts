import type { Instrument } from '@speed-protocol/core';
import type { SymbolsOptions } from '../commands/symbols.js';
import { type Console, note, printJson, table, write } from '../console.js';
import { listingOf } from './listings.js';

/** Prints the instruments of a venue whose symbol or id contains `filter`, in any case. */
export async function listSymbols(
  console: Console,
  venue: string,
  filter: string | undefined,
  options: SymbolsOptions,
): Promise<void> {
  const { instruments } = await listingOf(console, venue, options);
  const shown = instruments.filter((instrument) => isWanted(instrument, filter?.toLowerCase(), options));
  if (options.json) return printJson(console, shown);
  await write(console, table(HEADER, shown.map(row)));
  note(console, `${shown.length} of ${instruments.length} instruments of ${venue}`);
}

function isWanted(instrument: Instrument, text: string | undefined, { all, kind }: SymbolsOptions): boolean {
  const { symbol, venueSymbol, status } = instrument;
  if (!all && status !== 'open') return false;
  if (kind !== undefined && instrument.kind !== kind) return false;
  return text === undefined || symbol.toLowerCase().includes(text) || venueSymbol.toLowerCase().includes(text);
}

const HEADER = ['SYMBOL', 'ID', 'KIND', 'STATUS', 'TICK', 'LOT', 'CONTRACT', 'EXPIRY'];

function row({ symbol, venueSymbol, kind, status, tickSize, lotSize, contractSize, expiry }: Instrument): string[] {
  const date = expiry === undefined ? '' : new Date(expiry).toISOString().slice(0, 10);
  return [symbol, venueSymbol, kind, status, tickSize, lotSize, contractSize, date];
}
