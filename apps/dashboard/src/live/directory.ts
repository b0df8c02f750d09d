import type { Instrument } from '@speed-protocol/core';
import type { DescribeResult, StatusResult, VenueDescription } from '@speed-protocol/protocol';
import type { Cell } from './cell.js';
import { byInterest, type MarketRef } from './choice.js';
import type { Gateway } from './gateway.js';

/** Venues, their instruments and the server's own state: what is asked for, not streamed. */
export class Directory {
  readonly cell: Cell;
  server: DescribeResult | null = null;
  status: StatusResult | null = null;
  /** Open instruments of each venue, most wanted first. */
  readonly instruments = new Map<string, readonly Instrument[]>();
  /** Why a venue has no instruments, by venue; `server` for the server itself. */
  readonly problems = new Map<string, string>();
  readonly #gateway: Gateway;
  readonly #bySymbol = new Map<string, Instrument>();

  constructor(gateway: Gateway, cell: Cell) {
    this.#gateway = gateway;
    this.cell = cell;
  }

  get venues(): readonly VenueDescription[] {
    return this.server?.venues ?? [];
  }

  /** Venues that were asked for their markets and have said nothing yet. */
  get unanswered(): readonly string[] {
    return this.venues.map(({ id }) => id).filter((id) => !this.instruments.has(id) && !this.problems.has(id));
  }

  venue(id: string): VenueDescription | undefined {
    return this.venues.find((venue) => venue.id === id);
  }

  instrument({ venue, symbol }: MarketRef): Instrument | undefined {
    return this.#bySymbol.get(`${venue}:${symbol}`);
  }

  /** Every instrument, venue by venue. */
  all(): readonly Instrument[] {
    return [...this.instruments.values()].flat();
  }

  /** One market per venue: the most wanted instrument of each. */
  defaults(): readonly MarketRef[] {
    return this.venues.flatMap(({ id }) => {
      const first = this.instruments.get(id)?.[0];
      return first ? [{ venue: id, symbol: first.symbol }] : [];
    });
  }

  /** Asks for venues and instruments; what fails is remembered by name and asked again with the next call. */
  async refresh(): Promise<void> {
    await this.#attempt('server', async () => {
      this.server = await this.#gateway.call('describe', {});
    });
    await Promise.all(this.venues.map(({ id }) => this.#attempt(id, () => this.#loadInstruments(id))));
  }

  async refreshStatus(): Promise<void> {
    await this.#attempt('status', async () => {
      this.status = await this.#gateway.call('status', {});
    });
  }

  async #loadInstruments(venue: string): Promise<void> {
    const { instruments } = await this.#gateway.call('instruments', { venue, status: 'open' });
    this.instruments.set(venue, [...instruments].sort(byInterest));
    for (const instrument of instruments) this.#bySymbol.set(`${venue}:${instrument.symbol}`, instrument);
  }

  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problems.delete(name);
    } catch (error) {
      this.problems.set(name, (error as Error).message);
    }
    this.cell.touch();
  }
}
