import {
  type Clock,
  type Connector,
  type ExchangeManifest,
  type GapEvent,
  type Logger,
  type QuoteEvent,
  systemClock,
} from '@speed-protocol/core';
import { openTradingAccount, type TradingAccount, type TradingAccountOptions } from '@speed-protocol/host';
import type { ReadyVenue } from '@speed-protocol/simulator';
import { Terms } from './terms.js';

export interface SeatOptions {
  readonly venue: string;
  readonly ready: ReadyVenue;
  readonly manifest: ExchangeManifest;
  readonly journalDir: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Default: on the disk, in real time. */
  readonly openJournal?: TradingAccountOptions['openJournal'];
}

/** How long a signed request may be on its way, ms; after that an order that never arrived is known to be none. */
const RECEIVE_WINDOW_MS = 3000;
const ATTEMPTS = 10;
const RETRY_MS = 500;

/** One account at one venue with all that it takes, to be thrown away and taken again. */
export class Seat implements AsyncDisposable {
  private constructor(
    readonly venue: string,
    readonly connector: Connector,
    readonly account: TradingAccount,
    readonly markets: Terms[],
  ) {}

  /** Opens connector, account and journal, and waits for the prices of all markets; tries again while the venue is in trouble. */
  static async take(options: SeatOptions): Promise<Seat> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await Seat.#take(options);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await new Promise<void>((resolve) => (options.clock ?? systemClock).schedule(RETRY_MS, resolve));
      }
    }
  }

  static async #take({ venue, ready, manifest, journalDir, clock, logger, openJournal }: SeatOptions): Promise<Seat> {
    const origin = Object.values(ready.rest)[0];
    const config = { environment: 'sim', origin, ...ready.credentials, recvWindowMs: RECEIVE_WINDOW_MS };
    const connector = manifest.create(venue, { config, clock, logger }) as Connector;
    const settle = { arrivalMs: RECEIVE_WINDOW_MS + 1000 };
    const parts = { venue, connector, journalDir, settle, clock, openJournal };
    const account = await openTradingAccount({ id: 'default', environment: 'sim', ...parts });
    const seat = new Seat(venue, connector, account, []);
    try {
      for (const symbol of ready.symbols) seat.markets.push(await watch(connector, symbol));
      return seat;
    } catch (error) {
      await seat[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.account[Symbol.asyncDispose]();
    await this.connector[Symbol.asyncDispose]();
  }
}

/** Follows the best prices of a market; resolves with the first. */
async function watch(connector: Connector, symbol: string): Promise<Terms> {
  const terms = new Terms(await connector.reference.instrument(symbol));
  await new Promise<void>((resolve, reject) => {
    const hear = (event: QuoteEvent | GapEvent) => {
      if (event.type === 'quote') terms.hear(event);
      if (terms.known) resolve();
    };
    connector.market!.subscribe('quote', symbol, hear).catch(reject);
  });
  return terms;
}
