import type { CaptureLine, ReplayEvent } from '@speed-protocol/simulator';
import { PRODUCTS, type Product } from './products.js';

/** What captures call the products besides their ids, and the hosts that they were taken from. */
const NAMES: Readonly<Record<Product['venue'], readonly RegExp[]>> = {
  binance: [/^binance(-spot)?$/, /\/\/(stream|api\d?|data-api|data-stream)\.binance\./],
  binanceusdm: [/^binance-?usdm$/, /\/\/f(stream|api)\.binance\./],
  binancecoinm: [/^binance-?coinm$/, /\/\/d(stream|api)\.binance\./],
};

interface Payload {
  readonly e?: string;
  readonly s?: string;
  readonly u?: number;
  readonly b?: readonly (readonly [string, string])[];
  readonly a?: readonly (readonly [string, string])[];
  readonly p?: string;
  readonly q?: string;
  readonly m?: boolean;
  readonly data?: Payload;
  readonly lastUpdateId?: number;
  readonly bids?: readonly (readonly [string, string])[];
  readonly asks?: readonly (readonly [string, string])[];
}

/** Depth differences, REST snapshots and trades of a captured connection. */
export function readFrame(line: CaptureLine): readonly ReplayEvent[] {
  const venue = line.dir === 'in' ? venueOf(line) : undefined;
  if (!venue || line.raw === '') return [];
  const message = JSON.parse(line.raw) as Payload;
  const found = line.transport === 'rest' ? readSnapshot(venue, line, message) : readPayload(venue, message.data ?? message);
  return found ? [found] : [];
}

function venueOf({ venue, url }: CaptureLine): Product['venue'] | undefined {
  return PRODUCTS.map((product) => product.venue).find((id) => {
    const [name, host] = NAMES[id];
    return venue === undefined ? host!.test(url ?? '') : name!.test(venue);
  });
}

function readSnapshot(venue: string, { url }: CaptureLine, body: Payload): ReplayEvent | undefined {
  const symbol = url === null ? null : new URL(url).searchParams.get('symbol');
  if (!symbol || body.lastUpdateId === undefined || !body.bids || !body.asks) return undefined;
  return { kind: 'snapshot', venue, venueSymbol: symbol, bids: body.bids, asks: body.asks, sequence: body.lastUpdateId };
}

function readPayload(venue: string, { e, s, u, b, a, p, q, m }: Payload): ReplayEvent | undefined {
  if (s === undefined) return undefined;
  if (e === 'depthUpdate' && b && a && u !== undefined)
    return { kind: 'levels', venue, venueSymbol: s, bids: b, asks: a, sequence: u };
  if ((e !== 'trade' && e !== 'aggTrade') || p === undefined || q === undefined) return undefined;
  return { kind: 'trade', venue, venueSymbol: s, price: p, size: q, side: m ? 'sell' : 'buy', aggregate: e === 'aggTrade' };
}
