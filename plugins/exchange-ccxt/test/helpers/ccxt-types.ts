import type { FundingRate, Liquidation, Market, Order, OrderBook, Position, Ticker, Trade } from 'ccxt';
import type * as ours from '../../src/types.js';

/** Compiles as long as what ccxt declares is what the bridge reads. */
type Holds<Theirs extends Ours, Ours> = Theirs;

export type Checked = [
  Holds<NonNullable<Market>['precision'], ours.CcxtMarket['precision']>,
  Holds<Pick<Order, 'id' | 'clientOrderId' | 'amount' | 'filled' | 'price' | 'side' | 'type'>, Partial<ours.CcxtOrder>>,
  Holds<Pick<Trade, 'id' | 'order' | 'price' | 'amount' | 'side' | 'timestamp'>, Partial<ours.CcxtTrade>>,
  Holds<Pick<Ticker, 'symbol' | 'last' | 'bid' | 'askVolume' | 'baseVolume'>, Partial<ours.CcxtTicker>>,
  Holds<Pick<Position, 'symbol' | 'contracts' | 'entryPrice' | 'hedged'>, Partial<ours.CcxtPosition>>,
  Holds<Pick<FundingRate, 'symbol' | 'fundingRate' | 'interval' | 'markPrice'>, Partial<ours.CcxtFundingRate>>,
  Holds<Pick<Liquidation, 'price' | 'contracts'>, Partial<ours.CcxtLiquidation>>,
  Holds<Pick<OrderBook, 'nonce' | 'timestamp'>, Partial<ours.CcxtOrderBook>>,
];
