import type { InstrumentKind } from '@speed-protocol/core';
import type { Match } from '@speed-protocol/host';
import type { WhereOptions } from '../commands/symbols.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure } from '../failure.js';
import { allListings, requireComplete, sources } from './listings.js';
import { matchJson, matchTable, refusalJson, refusalTable } from './rows.js';

/** Prints every instrument that trades a coin, and apart from them what only seems to. */
export async function where(
  console: Console,
  coin: string,
  kind: InstrumentKind | undefined,
  options: WhereOptions,
): Promise<void> {
  const loaded = await allListings(console, options);
  const { all, quote, settle } = options;
  const query = { coin, kind: kind ?? options.kind, quote, settle, inverse: directionOf(options) };
  const found = loaded.directory.where(query);
  const trades = ({ instrument }: Match) => all || instrument.status === 'open';
  const [same, refused] = [found.same.filter(trades), found.refused.filter(trades)];
  if (options.json) {
    const json = { coin, kind: kind ?? null, found: same.map(matchJson), refused: refused.map(refusalJson) };
    await printJson(console, { ...json, ...sources(loaded) });
  } else await write(console, `${same.length > 0 ? matchTable(same) : ''}${refusalTable(refused)}`);
  requireComplete(loaded);
  if (same.length > 0) return;
  note(console, `speed: no ${kind ?? 'instrument'} of ${coin} on ${loaded.directory.venues.join(', ')}`);
  throw new ReportedFailure('nowhere');
}

function directionOf({ linear, inverse }: WhereOptions): boolean | undefined {
  if (inverse) return true;
  return linear ? false : undefined;
}
