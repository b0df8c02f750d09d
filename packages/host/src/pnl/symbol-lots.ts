import { add, exact, LotBook, type LotFill, multiply, toDecimal, ZERO } from '@speed-protocol/book';
import type { Decimal, Fill, Instrument, PositionSide } from '@speed-protocol/core';

type Leg = PositionSide | 'net';

/** Fills of one instrument, by leg: who opened and who closed what. */
export class SymbolLots {
  readonly settle: string;
  /** Of the first fill that is known, ms. */
  firstTime: number | null = null;
  readonly #legs = new Map<Leg, LotBook>();
  /** Which leg an order belongs to. */
  readonly #legOf = new Map<string, Leg>();
  /** Fees that are not in the settle currency, by order and fill. */
  readonly #otherFees = new Map<string, Map<string, Fill>>();

  constructor(readonly instrument: Instrument) {
    this.settle = instrument.settle ?? instrument.quote;
  }

  /** Takes a fill of the account in; true when it told something new. */
  add(fill: Fill): boolean {
    const leg = fill.positionSide ?? 'net';
    this.#legOf.set(fill.venueOrderId, leg);
    this.#noteFee(fill);
    this.firstTime = Math.min(this.firstTime ?? fill.time, fill.time);
    return this.#leg(leg).add(this.#lotFill(fill));
  }

  /** What an order opened, by the venue's id; `undefined` before its first fill. */
  order(venueOrderId: string) {
    return this.#bookOf(venueOrderId)?.order(venueOrderId);
  }

  unrealized(venueOrderId: string, price: Decimal) {
    return this.#bookOf(venueOrderId)?.unrealized(venueOrderId, exact(price)) ?? ZERO;
  }

  /** Fees of an order in currencies that no price here translates. */
  otherFees(venueOrderId: string): Record<string, Decimal> {
    const sums: Record<string, Decimal> = {};
    for (const { fee, feeCurrency } of this.#otherFees.get(venueOrderId)?.values() ?? []) {
      sums[feeCurrency!] = toDecimal(add(exact(sums[feeCurrency!] ?? ('0' as Decimal)), exact(fee!)));
    }
    return sums;
  }

  get terms() {
    return { contractSize: this.instrument.contractSize, inverse: this.instrument.inverse ?? false };
  }

  #bookOf(venueOrderId: string): LotBook | undefined {
    const leg = this.#legOf.get(venueOrderId);
    return leg === undefined ? undefined : this.#legs.get(leg);
  }

  #leg(leg: Leg): LotBook {
    let book = this.#legs.get(leg);
    if (!book) {
      book = new LotBook(this.terms);
      this.#legs.set(leg, book);
    }
    return book;
  }

  #lotFill(fill: Fill): LotFill {
    const { tradeId, venueOrderId: orderId, side, amount, price, time, realizedPnl } = fill;
    return { key: `${tradeId} ${orderId}`, orderId, side, amount, price, time, fee: this.#feeInSettle(fill), realizedPnl };
  }

  /** A fee in the base currency is worth what this fill paid for it. */
  #feeInSettle({ fee, feeCurrency, price }: Fill): Decimal | null {
    if (fee === null || feeCurrency === this.settle) return fee;
    const inBase = this.instrument.kind === 'spot' && feeCurrency === this.instrument.base;
    return inBase ? toDecimal(multiply(exact(fee), exact(price))) : null;
  }

  #noteFee(fill: Fill): void {
    if (fill.fee === null || fill.feeCurrency === null || this.#feeInSettle(fill) !== null) return;
    const fees = this.#otherFees.get(fill.venueOrderId) ?? new Map<string, Fill>();
    fees.set(fill.tradeId, fill);
    this.#otherFees.set(fill.venueOrderId, fees);
  }
}
