export { openSocket } from '#socket';
export type { AnalysisResult, AnalysisWish, ClientAccount, FollowSettings, OrderWish } from './account.js';
export type { AccountListener, Follow, RelistEvent } from './account-events.js';
export type { BackoffOptions } from './backoff.js';
export * from './client.js';
export type { ConnectionState } from './connection.js';
export type * from './socket.js';
export type { ChannelListener, ClientSubscription } from './subscriptions.js';
