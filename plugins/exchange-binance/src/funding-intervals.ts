import type { CallOptions, Clock } from '@speed-protocol/core';
import type { Endpoint, RestClient } from '@speed-protocol/wire';
import type { EndpointName } from './endpoints.js';
import type { WireFundingInfo } from './types.js';

/** `fundingInfo` lists only what was adjusted; the venue documents 8 h for all others. */
const HOURS_BY_DEFAULT = 8;

/** Intervals change without notice (8 h to 4 h or 1 h in wild markets), so the list is asked for again after this long. */
const FRESH_MS = 60_000;

/** Hours between funding payments, as the venue says. */
export class FundingIntervals {
  #hours: ReadonlyMap<string, number> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly client: RestClient<Readonly<Record<EndpointName, Endpoint>>>,
    private readonly clock: Clock,
  ) {}

  /** As last heard, of a perpetual; `undefined` before the first answer. */
  known(venueSymbol: string): number | undefined {
    return this.#hours && (this.#hours.get(venueSymbol) ?? HOURS_BY_DEFAULT);
  }

  /** Asks the venue when the answer at hand is older than a minute. */
  async refreshOld(options: CallOptions): Promise<void> {
    const now = this.clock.now();
    if (now - this.#askedAt <= FRESH_MS) return;
    const rows = (await this.client.call('fundingInfo', {}, options)) as readonly WireFundingInfo[];
    this.#hours = new Map(rows.map((row) => [row.symbol, row.fundingIntervalHours]));
    this.#askedAt = now;
  }
}
