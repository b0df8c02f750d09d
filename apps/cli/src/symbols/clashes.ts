import { describeUnits } from '@speed-protocol/host';
import type { SymbolsOptions } from '../commands/symbols.js';
import { type Console, note, printJson, table, write } from '../console.js';
import { allListings, requireComplete } from './listings.js';

/** Prints the tickers that do not mean what they say. */
export async function clashes(console: Console, options: SymbolsOptions): Promise<void> {
  const loaded = await allListings(console, options);
  const found = loaded.directory.clashes();
  const rows = found.map(({ instrument: { venue, base, symbol }, coin, units, reason }) => ({
    venue,
    code: base,
    coin,
    units,
    symbol,
    reason,
  }));
  if (options.json) await printJson(console, rows);
  else if (rows.length > 0) {
    const cells = rows.map(({ venue, code, coin, units, symbol, reason }) => [
      venue,
      code,
      describeUnits({ coin, units }),
      symbol,
      reason,
    ]);
    await write(console, table(['VENUE', 'CODE', 'IS', 'E.G.', 'SOURCE'], cells));
  }
  note(console, `${rows.length} found in the listings of ${loaded.listings.map(({ venue }) => venue).join(', ')}`);
  requireComplete(loaded);
}
