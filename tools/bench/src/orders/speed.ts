import { type Clock, decimal, type NewOrder, systemClock } from '@speed-protocol/core';
import binance from '@speed-protocol/exchange-binance';
import { API_KEY, type Contestant, SECRET, SYMBOL } from './contestant.js';

/** Time that jumps ahead when told to: rate limits of the venue start anew, timers stay as they are. */
class JumpingClock implements Clock {
  #ahead = 0;
  readonly now = () => systemClock.now() + this.#ahead;
  readonly schedule = systemClock.schedule;

  jump(ms: number): void {
    this.#ahead += ms;
  }
}

const AMOUNT = decimal('0.010');
const PRICE = decimal('60000.00');

/** Longer than every window of the venue's limits, ms. */
const WINDOW_MS = 61_000;

/** This project's connector, used as anybody would use it. */
export async function speedContestant(
  origin: string,
): Promise<Contestant & { order(): NewOrder; place(order: NewOrder): Promise<unknown> }> {
  const clock = new JumpingClock();
  const config = { environment: 'sim', origin, apiKey: API_KEY, secret: SECRET };
  const connector = binance.create('binanceusdm', { config, clock });
  const { trading } = connector;
  const order = (): NewOrder => ({
    symbol: SYMBOL,
    side: 'buy',
    type: 'limit',
    amount: AMOUNT,
    price: PRICE,
    clientOrderId: trading.newClientOrderId(),
  });
  const place = async (via: 'socket' | 'rest', made = order()) => {
    const outcome = await trading.placeOrder(made, { via });
    if (outcome.status !== 'accepted') throw new Error(`the order was ${JSON.stringify(outcome)}`);
  };
  return {
    name: 'speed',
    socket: () => place('socket'),
    rest: () => place('rest'),
    order,
    place: (made) => trading.placeOrder(made, { via: 'socket' }),
    newPeriod: () => clock.jump(WINDOW_MS),
    [Symbol.asyncDispose]: () => connector[Symbol.asyncDispose](),
  };
}
