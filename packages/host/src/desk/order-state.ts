import { compare, type Exact, exact, toDecimal, ZERO } from '@speed-protocol/book';
import { type Decimal, FINAL_STATUSES, type Fill, type Order, type OrderSide, type OrderStatus } from '@speed-protocol/core';
import type { Evidence, Reason } from './evidence.js';
import { FillLedger } from './fill-ledger.js';

/** An order as all evidence together shows it. */
export interface DeskOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly status: OrderStatus;
  /** `null` until the venue has named it. */
  readonly venueOrderId: string | null;
  /** These three are `null` only while nothing but a fill is known. */
  readonly side: OrderSide | null;
  readonly type: string | null;
  readonly amount: Decimal | null;
  /** `null` on market orders. */
  readonly price: Decimal | null;
  /** The larger of what the fills sum up to and what the venue says. */
  readonly filled: Decimal;
  readonly averagePrice: Decimal | null;
  /** False while the venue says that more is filled than the known fills account for. */
  readonly fillsComplete: boolean;
  /** Why it ended or is unknown; `null` when there is nothing to say. */
  readonly reason: string | null;
  /** Of the intent, ms; 0 on adopted orders. */
  readonly createdAt: number;
  /** What was given with it when it was placed; `null` where nothing was. */
  readonly tag: string | null;
}

/** Proof of an end, the stronger the later: an end gives way to a stronger one only, and never to a working status. */
const ENDS = ['REJECTED', 'EXPIRED', 'CANCELED', 'FILLED'] as const;

/**
 * One order as the sum of its evidence. Every part of the state is a maximum, a union or a flag that is only ever set,
 * so any order of arrival and any repetition end in the same state.
 */
export class OrderState {
  readonly fills = new FillLedger();
  #intent: Extract<Evidence, { kind: 'intent' }> | null = null;
  #latest: Order | null = null;
  #mostFilled: Order | null = null;
  #end: Order | null = null;
  /** The most that was ever asked for: only fills up to here prove by themselves that nothing is left. */
  #mostAsked: Exact = ZERO;
  #ackId: string | null = null;
  readonly #proven = new Set<'exists' | 'absent' | 'gone'>();
  readonly #reasons: { refused?: Reason; unknown?: Reason } = {};
  #view: DeskOrder | null = null;

  constructor(
    readonly clientOrderId: string,
    readonly symbol: string,
  ) {}

  /** Takes evidence in; true when it changed what is known. */
  add(evidence: Evidence): boolean {
    const changed = this.#take(evidence);
    if (changed) this.#view = null;
    return changed;
  }

  get view(): DeskOrder {
    this.#view ??= this.#derive();
    return this.#view;
  }

  get final(): boolean {
    return FINAL_STATUSES.has(this.view.status);
  }

  /** True when nothing is left to be learnt but late details. */
  get settled(): boolean {
    return this.final && this.view.fillsComplete;
  }

  /** True once anything has shown that the venue has or had it. */
  get exists(): boolean {
    return this.#proven.has('exists');
  }

  #take(evidence: Evidence): boolean {
    switch (evidence.kind) {
      case 'intent':
        return this.#takeIntent(evidence);
      case 'amend':
        return evidence.amount ? this.#asked(evidence.amount) : false;
      case 'accepted':
        return this.#takeAck(evidence.venueOrderId);
      case 'refused':
      case 'unknown':
        return this.#takeReason(evidence.kind, evidence.reason);
      case 'absent':
      case 'gone':
        return this.#prove(evidence.kind);
      case 'order':
        return this.#takeOrder(evidence.order);
      case 'fill':
        return this.#takeFill(evidence.fill);
    }
  }

  #takeIntent(intent: Extract<Evidence, { kind: 'intent' }>): boolean {
    if (this.#intent !== null) return false;
    this.#intent = intent;
    this.#asked(intent.order.amount);
    return true;
  }

  #takeAck(venueOrderId: string | null): boolean {
    const before = this.#ackId;
    if (venueOrderId !== null && (before === null || venueOrderId < before)) this.#ackId = venueOrderId;
    return this.#prove('exists') || this.#ackId !== before;
  }

  #takeFill(fill: Fill): boolean {
    const existed = this.#takeAck(fill.venueOrderId);
    return this.fills.add(fill) || existed;
  }

  #takeOrder(order: Order): boolean {
    let changed = order.status === 'REJECTED' ? false : this.#prove('exists');
    changed = this.#asked(order.amount) || changed;
    const [latest, mostFilled, end] = [this.#latest, this.#mostFilled, this.#end];
    this.#latest = greatest(latest, order, byTime);
    this.#mostFilled = greatest(mostFilled, order, byFilled);
    if (FINAL_STATUSES.has(order.status)) this.#end = greatest(end, order, byEnd);
    return changed || latest !== this.#latest || mostFilled !== this.#mostFilled || end !== this.#end;
  }

  #prove(what: 'exists' | 'absent' | 'gone'): boolean {
    const before = this.#proven.size;
    return this.#proven.add(what).size > before;
  }

  #takeReason(kind: 'refused' | 'unknown', reason: Reason): boolean {
    const known = this.#reasons[kind];
    if (known && compareText(known.message, reason.message) <= 0) return false;
    this.#reasons[kind] = reason;
    return true;
  }

  #asked(amount: Decimal): boolean {
    const value = exact(amount);
    if (compare(value, this.#mostAsked) <= 0) return false;
    this.#mostAsked = value;
    return true;
  }

  #derive(): DeskOrder {
    const { clientOrderId, symbol, fills } = this;
    // An end describes the order better than anything that was sent before it.
    const seen = this.#end ?? this.#latest;
    const said = this.#mostFilled ? exact(this.#mostFilled.filled) : ZERO;
    const fillsComplete = compare(fills.amount, said) >= 0;
    const filled = fillsComplete ? fills.amount : said;
    const averagePrice = fillsComplete ? fills.averagePrice : (this.#mostFilled?.averagePrice ?? null);
    const status = whenPriced(this.#status(filled), averagePrice);
    const intent = this.#intent?.order;
    return {
      clientOrderId,
      symbol,
      status,
      venueOrderId: seen?.venueOrderId ?? this.#ackId,
      side: seen?.side ?? intent?.side ?? fills.side,
      type: intent?.type ?? seen?.type ?? null,
      amount: seen?.amount ?? intent?.amount ?? null,
      price: seen ? seen.price : (intent?.price ?? null),
      filled: toDecimal(filled),
      averagePrice,
      fillsComplete,
      reason: this.#reason(status),
      createdAt: this.#intent?.time ?? 0,
      tag: this.#intent?.tag ?? null,
    };
  }

  #status(filled: Exact): OrderStatus {
    const some = filled.units > 0n;
    if (this.#mostAsked.units > 0n && compare(this.fills.amount, this.#mostAsked) >= 0) return 'FILLED';
    // A refused order has no fills: one that has was taken, and what is left of it is not working.
    if (this.#end) return this.#end.status === 'REJECTED' && some ? 'CANCELED' : this.#end.status;
    if (this.exists) return this.#proven.has('gone') ? 'CANCELED' : some ? 'PARTIALLY_FILLED' : 'OPEN';
    if (this.#reasons.refused || this.#proven.has('absent')) return 'REJECTED';
    return this.#reasons.unknown ? 'UNKNOWN' : 'PENDING';
  }

  #reason(status: OrderStatus): string | null {
    if (this.#end) return this.#end.reason;
    if (status === 'REJECTED') return this.#reasons.refused?.message ?? 'never reached the venue';
    if (status === 'CANCELED') return 'no longer known to the venue';
    return status === 'UNKNOWN' ? (this.#reasons.unknown?.message ?? null) : null;
  }
}

/** Some venues say that an order is filled before they say at what price: it ends when both are known. */
function whenPriced(status: OrderStatus, averagePrice: Decimal | null): OrderStatus {
  return status === 'FILLED' && averagePrice === null ? 'PARTIALLY_FILLED' : status;
}

type Rank = (a: Order, b: Order) => number;

/** The greater by `rank`; ties are broken by content, so that it never matters which came first. */
function greatest(known: Order | null, order: Order, rank: Rank): Order {
  if (known === null) return order;
  const difference = rank(order, known) || byContent(order, known);
  return difference > 0 ? order : known;
}

const byFilled: Rank = (a, b) =>
  compare(exact(a.filled), exact(b.filled)) || Number(a.averagePrice !== null) - Number(b.averagePrice !== null);
const byTime: Rank = (a, b) => a.updatedAt - b.updatedAt || byFilled(a, b);
const byEnd: Rank = (a, b) => endRank(a) - endRank(b) || byFilled(a, b) || a.updatedAt - b.updatedAt;
const byContent: Rank = (a, b) => compareText(JSON.stringify(sorted(a)), JSON.stringify(sorted(b)));

function endRank(order: Order): number {
  return (ENDS as readonly string[]).indexOf(order.status);
}

function sorted(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => compareText(a, b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
