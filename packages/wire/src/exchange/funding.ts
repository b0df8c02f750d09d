import {
  type CallOptions,
  type Funding,
  type FundingEvent,
  type FundingRate,
  type FundingRecord,
  type Instrument,
  type InstrumentKind,
  SpeedError,
} from '@speed-protocol/core';
import type { TextReader } from '../market/collector.js';
import type { Params } from '../rest/endpoint.js';
import { type HistorySource, readHistory, type Span } from '../rest/history.js';
import type { RestExchange } from './rest-exchange.js';

const HOURS_PER_YEAR = 8_760;

/** A rate as it is asked for; without rate or interval there is no APR. */
export function fundingRateOf({ type: _, receivedAt: __, ...event }: FundingEvent): FundingRate {
  const { rate, intervalHours } = event;
  return { ...event, apr: rate === null || intervalHours === null ? null : (rate * HOURS_PER_YEAR) / intervalHours };
}

/** A settled rate. @throws TypeError when rate or time is not said */
export function fundingRecordOf({ venue, symbol, venueSymbol, rate, venueTime, markPrice }: FundingEvent): FundingRecord {
  if (rate === null || venueTime === null) throw new TypeError('a settled rate has neither rate nor time');
  return { venue, symbol: symbol ?? venueSymbol, rate, time: venueTime, markPrice };
}

/** How a venue tells the rates that were settled. */
interface SettledSource<E extends string> extends Pick<HistorySource<FundingRecord>, 'from' | 'page' | 'newest' | 'spacingMs'> {
  readonly endpoint: E;
  readonly reader: TextReader;
  /** A span in the venue's words. @param now the venue's clock, ms */
  span(span: Span, now: number): Params;
}

/** Funding of one venue. */
interface FundingSpec<E extends string> {
  /** What is asked about: contracts, some of which may be without funding. */
  readonly kinds: readonly InstrumentKind[];
  /** The rate that accrues now; on contracts without funding everything but the prices is `null`. */
  current(instrument: Instrument, options: CallOptions): Promise<FundingRate>;
  readonly settled: SettledSource<E>;
}

/** The funding room of a venue. Rates that were settled come oldest first; there are none of contracts without funding. */
export function fundingOf<E extends string>(exchange: RestExchange<E>, { kinds, current, settled }: FundingSpec<E>): Funding {
  const contract = async (symbol: string, options: CallOptions): Promise<Instrument> => {
    const instrument = await exchange.reference.instrument(symbol, options);
    if (kinds.includes(instrument.kind)) return instrument;
    const { venue } = exchange;
    const why = `${symbol} on ${venue} is ${instrument.kind === 'spot' ? 'spot' : 'an option'}, which has no funding`;
    throw new SpeedError('unsupported', why, { venue });
  };
  return {
    current: async (symbol, options = {}) => current(await contract(symbol, options), options),
    async history(symbol, options = {}) {
      const { kind } = await contract(symbol, options);
      if (kind !== 'perpetual') return [];
      const { endpoint, reader, span, ...pages } = settled;
      const now = exchange.venueNow();
      const fetch = async (asked: Span): Promise<readonly FundingRecord[]> => {
        const events = await exchange.events<FundingEvent>(endpoint, symbol, span(asked, now), options, reader);
        return events.map(fundingRecordOf).sort((a, b) => a.time - b.time);
      };
      return readHistory({ ...pages, timeOf: ({ time }) => time, fetch }, options, now);
    },
  };
}
