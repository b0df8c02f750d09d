import type { z } from 'zod';
import type * as accountEvents from './schemas/account-events.js';
import type { commands } from './schemas/commands.js';
import type { errorShape } from './schemas/errors.js';
import type * as events from './schemas/events.js';
import type { failureReply } from './schemas/messages.js';
import type * as results from './schemas/results.js';
import type * as trading from './schemas/trading.js';

// Types only: a program that imports this package without `/schemas` loads no zod.

export type CommandName = keyof typeof commands;
export type CommandParams<C extends CommandName> = z.input<(typeof commands)[C]['params']>;
export type CommandResult<C extends CommandName> = z.infer<(typeof commands)[C]['result']>;

export interface Request<C extends CommandName = CommandName> {
  readonly id: string | number;
  readonly command: C;
  readonly params?: CommandParams<C>;
}
export interface SuccessReply<C extends CommandName = CommandName> {
  readonly id: string | number;
  readonly ok: true;
  readonly result: CommandResult<C>;
}
export type FailureReply = z.infer<typeof failureReply>;
export type Reply<C extends CommandName = CommandName> = SuccessReply<C> | FailureReply;
export type ErrorShape = z.infer<typeof errorShape>;

export type DepthMessage = z.infer<typeof events.depthMessage>;
export type TradeMessage = z.infer<typeof events.tradeMessage>;
export type QuoteMessage = z.infer<typeof events.quoteMessage>;
export type TickerMessage = z.infer<typeof events.tickerMessage>;
export type CandleMessage = z.infer<typeof events.candleMessage>;
export type FundingMessage = z.infer<typeof events.fundingMessage>;
export type LiquidationMessage = z.infer<typeof events.liquidationMessage>;
export type OpenInterestMessage = z.infer<typeof events.openInterestMessage>;
export type GreeksMessage = z.infer<typeof events.greeksMessage>;
export type GapMessage = z.infer<typeof events.gapMessage>;
export type BookMessage = z.infer<typeof events.bookMessage>;
export type EndMessage = z.infer<typeof events.endMessage>;
export type PushedEvent = z.infer<typeof events.pushedEvent>;

/** Which event a feed pushes (besides `gap` and `end`). */
export interface FeedMessages {
  depth: DepthMessage;
  trade: TradeMessage;
  quote: QuoteMessage;
  ticker: TickerMessage;
  candle: CandleMessage;
  funding: FundingMessage;
  liquidation: LiquidationMessage;
  openInterest: OpenInterestMessage;
  greeks: GreeksMessage;
  book: BookMessage;
}

export type DescribeResult = z.infer<typeof results.describeResult>;
export type StatusResult = z.infer<typeof results.statusResult>;
export type PriceImpactResult = z.infer<typeof results.priceImpact>;
export type BookResult = CommandResult<'book'>;
export type VenueDescription = z.infer<typeof results.venueDescription>;

export type AccountEvent = z.infer<typeof accountEvents.accountEvent>;
export type OrderMessage = z.infer<typeof accountEvents.orderMessage>;
export type FillMessage = z.infer<typeof accountEvents.fillMessage>;
export type PnlMessage = z.infer<typeof accountEvents.pnlMessage>;

export type OrderView = z.infer<typeof trading.order>;
export type FillView = z.infer<typeof trading.fill>;
export type BalanceView = z.infer<typeof trading.balance>;
export type PositionView = z.infer<typeof trading.position>;
export type PnlView = z.infer<typeof trading.pnl>;
export type OutcomeView = z.infer<typeof trading.outcome>;
export type AccountView = z.infer<typeof trading.account>;
