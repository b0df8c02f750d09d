import type { FundingEvent, FundingRate, FundingRecord } from '@speed-protocol/core';

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
