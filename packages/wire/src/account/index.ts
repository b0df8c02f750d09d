export * from './account.js';
export { createConnector, type VenueAccount, type VenueTrading } from './connector.js';
export * from './doors.js';
export { namelessLogin } from './login.js';
export * from './pages.js';
export { balanceEvents, type RowEvents, rowEvent } from './private-rows.js';
export * from './private-stream.js';
export { createTrading } from './trading.js';
export type * from './trading-spec.js';
