/** Somebody who sends orders to the venue of the bench. */
export interface Contestant extends AsyncDisposable {
  readonly name: 'speed' | 'ccxt' | 'bare';
  /** One order over the order socket, until it is answered. */
  socket(): Promise<unknown>;
  /** One order over REST, until it is answered. */
  rest(): Promise<unknown>;
  /** What limits orders in a time starts anew: the bench is not about waiting. */
  newPeriod?(): void;
}

export const SYMBOL = 'BTC/USDT:USDT';
/** Credentials of nobody, as long as real ones. */
export const API_KEY = 'k'.repeat(64);
export const SECRET = 's'.repeat(64);
