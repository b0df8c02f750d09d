/** The simulator's candles by the venue's name of an interval. */
const INTERVALS: Readonly<Record<string, string>> = {
  ...{ 1: '1m', 3: '3m', 5: '5m', 15: '15m', 30: '30m', 60: '1h', 120: '2h', 240: '4h', 360: '6h', 720: '12h' },
  ...{ D: '1d', W: '1w', M: '1M' },
};

export function intervalOf(name: string): string | undefined {
  return Object.hasOwn(INTERVALS, name) ? INTERVALS[name] : undefined;
}
