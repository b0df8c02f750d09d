import type { FeedName } from './events.js';
import type { OrderType, TimeInForce } from './order.js';

/**
 * What one venue can do: one literal per venue, read by the connector's type, the conformance suites, the README
 * matrix and the server's `describe`. What a venue lacks is absent, never false-with-a-throwing-method.
 */
export interface CapabilityDeclaration {
  readonly market?: MarketDeclaration;
  readonly funding?: FundingDeclaration;
  readonly trading?: TradingDeclaration;
  readonly account?: AccountDeclaration;
}

export interface MarketDeclaration {
  readonly feeds: readonly FeedName[];
  /** Depths of `depth` subscriptions with `levels`, where the venue has partial books. */
  readonly partialDepths?: readonly number[];
  /** Candle intervals the venue streams. */
  readonly candleIntervals?: readonly string[];
  /** Feeds that the venue offers over REST only: the connector polls them at this interval. */
  readonly polled?: readonly FeedName[];
}

export interface FundingDeclaration {
  readonly current: true;
  /** The venue publishes a rate for the settlement after next. */
  readonly predicted: boolean;
  readonly history: boolean;
  /**
   * Funding is paid all the time: there is no next payment, the rate is what `intervalHours` hours of it come to, and a row
   * of history is what one hour came to. Absent: it is paid at once, every `intervalHours` hours.
   */
  readonly continuous?: true;
}

export interface TradingDeclaration {
  readonly orderTypes: readonly OrderType[];
  readonly timeInForce: readonly TimeInForce[];
  /** What an amendment may change; `amount-down` keeps the place in the queue and only reduces. Absent: no amending. */
  readonly amend?: readonly ('price' | 'amount' | 'amount-down')[];
  /** Orders per batch command. Absent: no batches. */
  readonly batch?: { readonly place: number; readonly cancel: number };
  readonly reduceOnly: boolean;
  /** Orders can travel over a socket. */
  readonly orderSocket: boolean;
  /** The venue cancels by itself when it is not told to wait. */
  readonly deadMansSwitch: boolean;
  /** Orders carry a time until which they are wanted, and the venue refuses those that come later. Absent: it takes them. */
  readonly refusesLate?: boolean;
}

export interface AccountDeclaration {
  /** Positions, leverage and margin modes; false on spot. */
  readonly positions: boolean;
  readonly hedgeMode: boolean;
  /** False where neither leverage nor margin mode of a symbol can be set: the account's model decides. Absent: both can. */
  readonly leverage?: false;
}
