export { Account, type AccountBalance, type Credentials, drawText } from './accounts/account.js';
export { Accounts, type AccountsOptions } from './accounts/accounts.js';
export type { ConditionalCause, ConditionalOrder, ConditionalRequest, Trail } from './accounts/conditional.js';
export type { AmendRequest } from './accounts/desk.js';
export {
  type BalanceCause,
  Ledger,
  type LedgerBody,
  type LedgerEntry,
  type LedgerKind,
  type OrderCause,
  serializeEntry,
} from './accounts/ledger.js';
export type { Margin, PositionRisk } from './accounts/margin.js';
export { Position } from './accounts/position.js';
export { MONEY_SCALE, RATE_SCALE, Terms, VALUE_SCALE } from './accounts/terms.js';
export type * from './accounts/types.js';
export { followRealTime, VirtualClock } from './clock.js';
export {
  type Dialect,
  type DialectDefinition,
  type DialectHost,
  defineDialect,
  isDialect,
  type LimitOptions,
} from './dialect.js';
export { type EngineOptions, MatchingEngine } from './engine/matching-engine.js';
export type * from './engine/types.js';
export { Faults, type FaultTicket } from './faults/faults.js';
export type { FaultRecord } from './faults/list.js';
export type { OrderIdentity, VenueFaults } from './faults/order-faults.js';
export { drawFault, type FaultSchedule } from './faults/schedule.js';
export {
  type CorruptMode,
  checkFault,
  FAULT_KINDS,
  type FaultKind,
  type FaultSpec,
  ORDER_FAULT_KINDS,
  parseFault,
} from './faults/spec.js';
export { DEFAULT_FLOW, type FlowOptions, OrderFlow } from './flow/order-flow.js';
export type * from './flow/replay.js';
export type { ReplayCounts } from './flow/replay-flow.js';
export type { ReplayProgress } from './flow/replay-run.js';
export { formatUnits, Grid } from './grid.js';
export { keyOf, type Listing } from './listing.js';
export { type BookChanges, type BookState, type LevelTotal, SequencedBook } from './market/book.js';
export type { WindowStatistics } from './market/candle-book.js';
export { CANDLE_INTERVALS, type Candle, candleBounds } from './market/candles.js';
export type { FundingSettlement } from './market/funding.js';
export { type Liquidation, Market, type MarketListener } from './market/market.js';
export { OPEN_INTEREST_STEP_MS, type OpenInterestSample } from './market/open-interest.js';
export type { SampledCandle } from './market/sampled-candles.js';
export type { AggregateTrade } from './market/tape.js';
export { Oracle, type OracleBook } from './oracle.js';
export { Random } from './random.js';
export { openRecordedVenues, type RecordedDoor, type RecordedVenues } from './recorded.js';
export { RecordedBook } from './recorded-book.js';
export { decimalText, levelsText } from './recorded-text.js';
export type * from './server/exchange.js';
export { Hub } from './server/hub.js';
export type * from './simulation.js';
export { startSimulator } from './start.js';
export { type SequenceKind, Venue, type VenueRow } from './venue.js';
