import type { PnlView } from '@speed-protocol/protocol';

/** Points that a chart keeps; when there are more, every second one is let go of. */
const POINTS = 2000;

/** The profit of one order over time, as it was pushed. */
export class PnlSeries {
  latest: PnlView | null = null;
  /** Why it is not watched. */
  problem: string | null = null;
  /** Seconds since the epoch, and net profit. */
  times: number[] = [];
  values: number[] = [];

  constructor(readonly clientOrderId: string) {}

  add(pnl: PnlView, now = Date.now()): void {
    this.latest = pnl;
    this.problem = null;
    if (pnl.netPnl === null) return;
    this.times.push(now / 1000);
    this.values.push(Number(pnl.netPnl));
    if (this.times.length > POINTS) this.#thin();
  }

  /** The first and the newest point stay. */
  #thin(): void {
    const kept = <T>(list: readonly T[]) => list.filter((_, at) => at === 0 || at % 2 === (list.length - 1) % 2);
    this.times = kept(this.times);
    this.values = kept(this.values);
  }
}
