import 'reflect-metadata';

export { openTradingAccount } from './accounts/open.js';
export { TradingAccount } from './accounts/trading-account.js';
export type {
  AccountEvent,
  AccountListener,
  CancelReport,
  OrderFilter,
  RiskLimits,
  ShutdownOptions,
  ShutdownReport,
  TradingAccountOptions,
} from './accounts/types.js';
export * from './bus/event-bus.js';
export type { AccountConfig } from './config/accounts.js';
export { explain, type Problem } from './config/explain.js';
export { DEFAULT_CONFIG, type LoadConfigOptions, loadConfig } from './config/load.js';
export type { ConfigOf, HostConfig, Sections } from './config/schema.js';
export { Connectors } from './connectors.js';
export {
  assertLegal,
  type CheckResult,
  checkOrder,
  type LegalValues,
  type OrderProblem,
  type TradingContext,
  type TradingLimits,
} from './desk/checks.js';
export { OrderDesk } from './desk/desk.js';
export type { Evidence, Reason } from './desk/evidence.js';
export { type Journal, type JournalledOrder, type JournalOptions, openJournal } from './desk/journal.js';
export type { DeskEvent, DeskListener } from './desk/order-ledger.js';
export type { DeskOrder } from './desk/order-state.js';
export type { OrphanPolicy } from './desk/reconcile.js';
export type { SettleOptions } from './desk/settle.js';
export type { OrderDeskOptions, OrderRequest } from './desk/types.js';
export type { PluginInfo, RefusedPlugin } from './discovery/marker.js';
export { type DiscoveryOptions, Plugins } from './discovery/plugins.js';
export * from './host.js';
export type { CredentialOptions } from './keys/credentials.js';
export { defaultKeyFile, readKeys, type StoredKey, type StoredKeys, writeKeys } from './keys/key-file.js';
export type { PnlUpdate, PnlWatch } from './pnl/types.js';
export { AssetBook, type AssetNames } from './symbols/assets.js';
export { type Across, type Match, type Refusal, SymbolDirectory, type WhereQuery } from './symbols/directory.js';
export type { Identity } from './symbols/identity.js';
export { defaultCacheFolder, type ListingKey, ListingStore, type StoredListing } from './symbols/listing-store.js';
export { type Listing, type ListingOptions, loadListing } from './symbols/listings.js';
export { type CoinUnits, describeUnits } from './symbols/units.js';
