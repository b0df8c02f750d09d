import type { Across, Match, Refusal } from '@speed-protocol/host';
import type { MapOptions } from '../commands/symbols.js';
import { type Console, note } from '../console.js';
import { connectVenue, type Installed } from '../venues.js';

/** Venues disagree by a few per cent in bad times, coins that share a ticker by factors. */
const TOLERANCE = 1.25;

/** Asks for the price of every match, and refuses those that are far from the middle one: a name proves nothing, a price nearly does. */
export async function comparePrices(
  console: Console,
  installed: Installed,
  across: Across,
  options: MapOptions,
): Promise<Across> {
  const priced = await Promise.all(
    across.same.map(async (match) => ({ match, price: await priceOf(console, installed, match, options) })),
  );
  const known = priced.flatMap(({ price }) => (price === undefined ? [] : [price])).sort((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)];
  if (middle === undefined || known.length < 2) {
    note(console, 'prices: fewer than two venues have one, nothing to compare');
    return across;
  }
  const isFar = (price: number | undefined) => price !== undefined && Math.max(price / middle, middle / price) > TOLERANCE;
  const far = priced.filter(({ price }) => isFar(price));
  const strangers: Refusal[] = far.map(({ match, price }) => ({ ...match, reason: reasonOf(price as number, middle) }));
  note(console, `prices: ${known.length} of ${priced.length} compared, ${strangers.length} too far off`);
  return {
    ...across,
    same: priced.filter(({ price }) => !isFar(price)).map(({ match }) => match),
    refused: [...across.refused, ...strangers],
  };
}

function reasonOf(price: number, middle: number): string {
  const factor = Number((price / middle).toPrecision(3));
  return `its price is ${price}, ${factor} times that of the others: another coin or another unit`;
}

/** The middle of the book; `undefined` when there is none. */
async function priceOf(
  console: Console,
  installed: Installed,
  { instrument }: Match,
  options: MapOptions,
): Promise<number | undefined> {
  const { venue, symbol } = instrument;
  try {
    await using connector = await connectVenue(installed, venue, options, console.signal);
    const book = await connector.market?.depthSnapshot(symbol, { signal: console.signal });
    const [bid, ask] = [book?.bids, book?.asks].map((side) => (side && side.count > 0 ? side.values[side.start] : undefined));
    return bid === undefined || ask === undefined ? undefined : (bid + ask) / 2;
  } catch (error) {
    note(console, `prices: ${venue}: ${(error as Error).message}`);
    return undefined;
  }
}
