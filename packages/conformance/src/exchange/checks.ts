import type { CapabilityDeclaration } from '@speed-protocol/core';
import { Bench, type CheckRow, type Room } from './check.js';
import { accountRows } from './suites/account.js';
import { changeRows } from './suites/changes.js';
import { optionRows } from './suites/depth.js';
import { feedRows } from './suites/feeds.js';
import { fundingRows } from './suites/funding.js';
import { GAPS } from './suites/gaps.js';
import { IDENTITY } from './suites/identity.js';
import { LIFECYCLE } from './suites/lifecycle.js';
import { orderListRows } from './suites/order-lists.js';
import { orderRows } from './suites/orders.js';
import { outcomeRows } from './suites/outcomes.js';
import { privateRows } from './suites/private.js';
import { REFERENCE } from './suites/reference.js';
import { REFUSALS } from './suites/refusals.js';
import { FLOOD, FLOOD_OF_TIMES, REQUESTS } from './suites/requests.js';
import { type ExchangeUnderTest, World } from './world.js';

/** One thing that must hold of one venue. Framework-free: run it with any test runner; it throws when it does not hold. */
export interface ExchangeCheck {
  readonly venue: string;
  readonly room: Room;
  readonly name: string;
  /** The declared capability that this proves, as the matrix names it. */
  readonly capability: string | undefined;
  run(): Promise<void>;
}

export interface CheckOptions {
  /** Of the simulation, and of everything random in a check. */
  readonly seed: number;
}

/**
 * What an exchange plugin must do, venue by venue, against its own dialect: chosen by what it declares, never by name.
 * Each check runs in a world of its own.
 */
export function exchangeChecks(plugin: ExchangeUnderTest, { seed }: CheckOptions): readonly ExchangeCheck[] {
  return plugin.manifest.venues.flatMap(({ id, capabilities }) =>
    rowsFor(capabilities).map(({ run, signedIn = false, clock, room, name, capability }) => ({
      venue: id,
      room,
      name,
      capability,
      run: async () => {
        await using world = await World.open(plugin, id, { seed, ...(clock !== undefined && { clock }) });
        await run(new Bench(world, world.connect(signedIn ? world.credentials : {})));
      },
    })),
  );
}

function rowsFor({ market, funding, trading, account }: CapabilityDeclaration): readonly CheckRow[] {
  const rows = [...REFERENCE, ...REQUESTS, FLOOD_OF_TIMES];
  if (market) rows.push(...feedRows(market), ...optionRows(market));
  if (market?.feeds.includes('depth')) rows.push(...GAPS, ...LIFECYCLE, FLOOD);
  if (funding) rows.push(...fundingRows(funding));
  if (trading) rows.push(...orderRows(trading), ...orderListRows(trading), ...changeRows(trading));
  if (trading) rows.push(...outcomeRows(trading), ...REFUSALS, ...IDENTITY);
  if (account) rows.push(...accountRows(account), ...privateRows(account));
  return rows;
}
