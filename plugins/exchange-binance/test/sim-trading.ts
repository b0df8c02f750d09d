import { type RunningSimulator, type SimulatorOptions, startSimulator } from '@speed-protocol/simulator';
import dialect from '../src/sim/index.js';
import { type Params, SimTrader, TRADED, type TradedVenue } from './sim-trader.js';

/** 2026-11-20 07:30 UTC: half an hour before a funding settlement. */
export const TRADING_START = Date.UTC(2026, 10, 20, 7, 30);

/** A simulation in virtual time with one market per product. */
export function startTrading(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  const symbols = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];
  return startSimulator({ dialects: [dialect], seed: 11, clock: TRADING_START, symbols, ...options });
}

/** One product's trader, who knows a legal order and asks for bodies. */
export class Desk {
  readonly trader: SimTrader;
  readonly symbol: string;
  readonly size: string;

  constructor(
    readonly sim: RunningSimulator,
    readonly venue: TradedVenue,
  ) {
    this.trader = new SimTrader(sim, venue);
    ({ symbol: this.symbol, size: this.size } = TRADED[venue]);
  }

  /** Asks with the symbol in the parameters. @returns the body */
  async ask<T = Record<string, unknown>>(method: string, path: string, params: Params = {}): Promise<T> {
    return (await this.trader.ask(method, path, { symbol: this.symbol, ...params })).body as T;
  }

  get market() {
    return this.sim.oracle.market(this.venue, this.symbol);
  }

  /** A price so many percent from the best bid, on the grid. */
  price(percent: number): string {
    const { engine, grid } = this.market;
    const tick = this.venue === 'binance' ? 1 : 10;
    return grid.formatPrice(Math.round((engine.bids.best!.price * (1 + percent / 100)) / tick) * tick);
  }

  limit(percent: number, more: Params = {}): Promise<Record<string, unknown>> {
    const terms = { type: 'LIMIT', side: 'BUY', timeInForce: 'GTC', quantity: this.size };
    return this.ask('POST', '/order', { ...terms, price: this.price(percent), ...more });
  }

  take(side: 'BUY' | 'SELL', more: Params = {}): Promise<Record<string, unknown>> {
    return this.ask('POST', '/order', { side, type: 'MARKET', quantity: this.size, newOrderRespType: 'RESULT', ...more });
  }
}
