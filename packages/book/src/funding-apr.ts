const HOURS_PER_YEAR = 8_760;

/**
 * Yearly rate of a funding rate, as a fraction, without compounding: 0.0001 every 8 h is 0.1095.
 * `null` when the rate or the venue's real interval is unknown: no interval is ever assumed.
 */
export function fundingApr(rate: number | null | undefined, intervalHours: number | null | undefined): number | null {
  if (rate == null || intervalHours == null || !(intervalHours > 0) || !Number.isFinite(rate)) return null;
  return (rate * HOURS_PER_YEAR) / intervalHours;
}
