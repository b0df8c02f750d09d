import { type Clock, SpeedError } from '@speed-protocol/core';
import type { PnlUpdate, TradingAccount } from '@speed-protocol/host';
import type { AccountStream } from './account-stream.js';
import { orderKey, pnlNote } from './notes.js';

const resourceOf = (account: string, clientOrderId: string): string => `pnl ${orderKey(account, clientOrderId)}`;

interface PnlLimits {
  readonly pnlWatches: number;
  readonly pnlIntervalMs: number;
}

/**
 * Tells a session of an order's profit until its position is closed, the newest state at most once per interval.
 * @throws SpeedError `not-found` (no such order, or nothing of it is filled), `rate-limited`
 */
export function watchPnl(
  account: TradingAccount,
  clientOrderId: string,
  stream: AccountStream,
  clock: Clock,
  { pnlWatches, pnlIntervalMs }: PnlLimits,
): void {
  const key = resourceOf(account.id, clientOrderId);
  if (stream.resources.has(key)) return;
  if (stream.resources.size >= pnlWatches)
    throw new SpeedError('rate-limited', `A session may watch ${pnlWatches} orders; end some with stop_pnl`);
  const throttle = new Throttle(clock, pnlIntervalMs, (update) => {
    stream.push(pnlNote(update));
    if (!update.open) stopPnl(account.id, clientOrderId, stream);
  });
  // Kept first: the watch may tell its first and last update at once.
  stream.resources.set(key, throttle);
  try {
    throttle.watch = account.watchPnl(clientOrderId, (update) => throttle.take(update));
    if (throttle.over) throttle[Symbol.dispose]();
  } catch (error) {
    stream.resources.delete(key);
    throw error;
  }
}

/** True when there was something to stop. */
export function stopPnl(account: string, clientOrderId: string, stream: AccountStream): boolean {
  const key = resourceOf(account, clientOrderId);
  stream.resources.get(key)?.[Symbol.dispose]();
  return stream.resources.delete(key);
}

/** Lets the newest state through at most once per interval, and the last one always. */
export class Throttle implements Disposable {
  watch: Disposable | undefined;
  over = false;
  #waiting: PnlUpdate | undefined;
  #nextAt = 0;
  #cancel: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly tell: (update: PnlUpdate) => void,
  ) {}

  take(update: PnlUpdate): void {
    if (this.over) return;
    const wait = this.#nextAt - this.clock.now();
    if (wait <= 0 || !update.open) this.#tell(update);
    else {
      if (!this.#waiting) this.#cancel = this.clock.schedule(wait, () => this.#waiting && this.#tell(this.#waiting));
      this.#waiting = update;
    }
  }

  [Symbol.dispose](): void {
    this.over = true;
    this.#cancel();
    this.watch?.[Symbol.dispose]();
  }

  #tell(update: PnlUpdate): void {
    this.#cancel();
    this.#waiting = undefined;
    this.#nextAt = this.clock.now() + this.intervalMs;
    this.tell(update);
  }
}
