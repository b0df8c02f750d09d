import { add, decimalOf, type Exact, exact, fundingPayment, type OrderLots, ZERO } from '@speed-protocol/book';
import type { Clock, Decimal, Funding, FundingRecord, Logger } from '@speed-protocol/core';
import type { SymbolLots } from './symbol-lots.js';

/** A settlement is asked for again after this long while the venue does not list it yet, ms. */
const RETRY_MS = 5000;
const HOUR_MS = 3_600_000;

/** Funding settlements of one instrument since the first entry that is watched; asks again after each settlement. */
export class FundingLog implements Disposable {
  #records: readonly FundingRecord[] = [];
  #since = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(
    private readonly funding: Funding | undefined,
    private readonly lots: SymbolLots,
    private readonly parts: { readonly clock: Clock; readonly logger: Logger; readonly onChange: () => void },
  ) {}

  /** Makes sure that settlements since this time (ms) are known. */
  need(since: number): void {
    if (!this.funding || since >= this.#since) return;
    this.#since = since;
    this.#cancel();
    void this.#ask();
  }

  /** What the settlements brought to a position, at the sizes it had then; `mark` where a settlement has no price. */
  paymentsOf({ side, openedAt, history }: OrderLots, mark: Decimal | null): Exact {
    let sum = ZERO;
    for (const { rate, time, markPrice } of this.#records) {
      const price = decimalOf(markPrice) ?? mark;
      const exactRate = decimalOf(rate);
      const held = time > openedAt ? history.findLast((each) => each.time <= time)?.left : undefined;
      if (held === undefined || held.units === 0n || price === null || exactRate === null) continue;
      const terms = { amount: held, markPrice: exact(price), rate: exact(exactRate) };
      sum = add(sum, fundingPayment(this.lots.terms, side, terms));
    }
    return sum;
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#since = Number.NEGATIVE_INFINITY;
  }

  async #ask(): Promise<void> {
    const { clock, logger, onChange } = this.parts;
    const since = this.#since;
    try {
      const records = await this.funding!.history(this.lots.instrument.symbol, { since });
      if (this.#since !== since) return;
      const news = records.length !== this.#records.length;
      this.#records = records;
      if (news) onChange();
    } catch (err) {
      logger.warn(
        { err, symbol: this.lots.instrument.symbol },
        'funding settlements could not be read; they are asked for again',
      );
    }
    if (this.#since === since) this.#cancel = clock.schedule(this.#waitMs(), () => void this.#ask());
  }

  /** Until shortly after the next full hour: settlements are on full hours. */
  #waitMs(): number {
    return HOUR_MS - (this.parts.clock.now() % HOUR_MS) + RETRY_MS;
  }
}
