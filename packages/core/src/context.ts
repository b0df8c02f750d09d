/** What a plugin gets from its host: the outside world, injected. Every part has a real default in `wire`. */
export interface PluginContext<C> {
  /** The plugin's own configuration, already checked by its `parseConfig`. */
  readonly config: C;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Aborted when the host stops. */
  readonly signal: AbortSignal;
}

/** Structured logger; pino satisfies it. */
export interface Logger {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

/** Time as everything here takes it; a virtual one makes runs repeatable. */
export interface Clock {
  /** ms since epoch, with a fraction. */
  now(): number;
  /** Calls `run` after `ms`; the returned function cancels, and may be called any number of times. */
  schedule(ms: number, run: () => void): () => void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Kept, because reading it costs more than reading the clock. */
const { timeOrigin } = performance;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  schedule(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
