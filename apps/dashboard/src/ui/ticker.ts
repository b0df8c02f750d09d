import type { TickerMessage } from '@speed-protocol/protocol';

/** Change since the open as a fraction; `null` when the venue does not say both. */
export function change(ticker: TickerMessage | null): number | null {
  if (!ticker || ticker.last === null || ticker.open === null || ticker.open === 0) return null;
  return ticker.last / ticker.open - 1;
}

/** Class of a figure that went up or down. */
export function direction(value: number | null): 'up' | 'down' | '' {
  if (value === null || value === 0) return '';
  return value > 0 ? 'up' : 'down';
}
