import { type DialectHost, defineDialect, type RecordedDoor, type VenueServer } from '@speed-protocol/simulator';
import { ProductServer, type SharedLimits } from './product-server.js';
import { PRODUCTS, type Product } from './products.js';
import { RecordedServer } from './recorded/server.js';
import { readFrame } from './replay.js';
import type { Home } from './streams/publisher.js';
import { OrderCounts } from './trading/order-counts.js';
import { type Budgets, WeightPool } from './weight-pool.js';

const MINUTE = 60_000;
const BAN_MS = 2 * MINUTE;

/** Binance, as the simulator plays it: spot, USD-M and COIN-M, the futures sharing limits and merged feeds. */
export default defineDialect({
  id: 'binance',
  venues: PRODUCTS.map((product) => ({
    id: product.venue,
    sequence: product.family === 'spot' ? 'contiguous' : 'shared',
    aggregateMs: product.aggregateMs,
    listing: product.listing,
  })),
  create: createServers,
  replay: readFrame,
  recorded: createRecorded,
});

function createServers(host: DialectHost): ReadonlyMap<string, VenueServer> {
  const homes: Home[] = PRODUCTS.flatMap((product) => {
    const venue = host.venues.get(product.venue);
    return venue ? [{ product, venue }] : [];
  });
  const shared = new Map<Product['pool'], SharedLimits>();
  for (const { product } of homes) if (!shared.has(product.pool)) shared.set(product.pool, createLimits(product, host));
  return new Map(homes.map((home) => [home.venue.id, createServer(home, homes, shared.get(home.product.pool)!, host)]));
}

/** Products whose feeds are merged are handed over together: both futures, or spot alone. */
function createServer(home: Home, homes: readonly Home[], shared: SharedLimits, host: DialectHost): VenueServer {
  const related = homes.filter((other) => other.product.pool === home.product.pool);
  return new ProductServer(home, related, shared, host);
}

/** The same doors, but streams and books are those of a recording. */
function createRecorded(host: DialectHost): ReadonlyMap<string, RecordedDoor> {
  const doors = [...createServers(host)].map(([id, inner]) => {
    const product = PRODUCTS.find(({ venue }) => venue === id)!;
    return [id, new RecordedServer(product, inner, host)] as const;
  });
  return new Map(doors);
}

function createLimits(product: Product, host: DialectHost): SharedLimits {
  const { weightFactor = 1, orderFactor = weightFactor } = host.limits;
  return { budgets: createBudgets(product, host), orders: new OrderCounts(product.orderLimits, orderFactor), desks: [] };
}

function createBudgets({ weightPerMinute, connectionsPer5Minutes }: Product, { limits }: DialectHost): Budgets {
  const factor = limits.weightFactor ?? 1;
  const banMs = limits.banMs ?? BAN_MS;
  return {
    weight: new WeightPool({ limit: weightPerMinute * factor, windowMs: MINUTE, banMs }),
    funding: new WeightPool({ limit: 500 * factor, windowMs: 5 * MINUTE, banMs }),
    data: new WeightPool({ limit: 1000 * factor, windowMs: 5 * MINUTE, banMs }),
    connections: new WeightPool({ limit: connectionsPer5Minutes * factor, windowMs: 5 * MINUTE, banMs }),
  };
}
