import { type AnyTrading, type Clock, FINAL_STATUSES, type Logger, type PrivateEvent } from '@speed-protocol/core';
import type { OrderDesk } from '../desk/desk.js';

export interface SwitchParts {
  readonly desk: OrderDesk;
  readonly trading: AnyTrading;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Orders do not outlive us by more than this, ms. */
  readonly ms: number;
  cancelAll(): Promise<unknown>;
}

/** The countdown is renewed this often within its time: two renewals may fail. */
const RENEWALS = 3;

/**
 * Sees to it that no order works unwatched for longer than a given time. Where the venue has a countdown it is renewed
 * as long as this process lives and hears the private stream; where it has none, orders are cancelled from here once the
 * stream has been silent for so long, and what a dead process leaves behind has to wait for its restart.
 */
export class DeadMansSwitch implements Disposable {
  readonly #armed = new Set<string>();
  readonly #stopDesk: () => void;
  #downSince: number | null = null;
  #cancelTimer: () => void = () => {};

  constructor(private readonly parts: SwitchParts) {
    this.#stopDesk = parts.desk.on(({ order }) => {
      if (!FINAL_STATUSES.has(order.status) && !this.#armed.has(order.symbol)) this.#arm(order.symbol);
    });
    this.#tick();
  }

  hear(event: PrivateEvent): void {
    if (event.type !== 'stream') return;
    if (event.state === 'up') this.#downSince = null;
    else this.#downSince ??= this.parts.clock.now();
  }

  [Symbol.dispose](): void {
    this.#stopDesk();
    this.#cancelTimer();
  }

  #tick(): void {
    const { ms, clock } = this.parts;
    if (this.#downSince !== null && clock.now() - this.#downSince >= ms) this.#letGo();
    else this.#renew();
    this.#cancelTimer = clock.schedule(ms / RENEWALS, () => this.#tick());
  }

  #renew(): void {
    const working = new Set(
      this.parts.desk
        .unsettled()
        .filter(isWorking)
        .map(({ symbol }) => symbol),
    );
    for (const symbol of working) this.#arm(symbol);
    for (const symbol of [...this.#armed]) if (!working.has(symbol)) this.#disarm(symbol);
  }

  #arm(symbol: string): void {
    this.#armed.add(symbol);
    this.#countDown(symbol, this.parts.ms);
  }

  #disarm(symbol: string): void {
    this.#armed.delete(symbol);
    this.#countDown(symbol, 0);
  }

  #countDown(symbol: string, ms: number): void {
    const { trading, logger } = this.parts;
    trading.cancelAllAfter?.(symbol, ms).catch((err: unknown) => {
      // The next renewal tries again.
      this.#armed.delete(symbol);
      logger.warn({ err, symbol }, "the venue's countdown could not be set");
    });
  }

  /** Nobody watches: the venue's countdown runs out by itself. */
  #letGo(): void {
    const { trading, logger, ms, desk } = this.parts;
    if (trading.cancelAllAfter || !desk.unsettled().some(isWorking)) return;
    logger.warn({ ms }, 'the private stream has been down for too long; all orders are cancelled');
    this.parts.cancelAll().catch((err: unknown) => logger.error({ err }, 'cancelling all orders failed; it is tried again'));
  }
}

function isWorking({ status }: { readonly status: string }): boolean {
  return !(FINAL_STATUSES as ReadonlySet<string>).has(status);
}
