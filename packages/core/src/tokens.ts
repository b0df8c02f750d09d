/** DI tokens: registered symbols, so that two copies of this package share them. */
export const TOKENS = {
  Clock: Symbol.for('speed.token.clock'),
  Logger: Symbol.for('speed.token.logger'),
  Config: Symbol.for('speed.token.config'),
  EventBus: Symbol.for('speed.token.event-bus'),
  Plugins: Symbol.for('speed.token.plugins'),
  Connectors: Symbol.for('speed.token.connectors'),
  Signal: Symbol.for('speed.token.signal'),
} as const;
