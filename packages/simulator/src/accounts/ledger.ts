import { createHash } from 'node:crypto';
import type { Side } from '../engine/types.js';
import type { ConditionalCause, ConditionalOrder } from './conditional.js';
import type { Leg, OrderRequest, RefusalReason, UserOrder } from './types.js';

/** Why an order changed. `reduce-only`: it would have opened a position. `self-trade`: it would have met one of the same account. `would-take`: it is post-only. */
export type OrderCause =
  | 'new'
  | 'trade'
  | 'amended'
  | 'triggered'
  | 'canceled'
  | 'expired'
  | 'countdown'
  | 'liquidation'
  | 'reduce-only'
  | 'self-trade'
  | 'would-take';
export type BalanceCause = 'deposit' | 'hold' | 'trade' | 'fee' | 'profit' | 'funding' | 'insurance';

/** One thing that happened to one account. Money and values are scaled integers, prices ticks, sizes lots. */
export type LedgerBody =
  | { readonly kind: 'order'; readonly cause: OrderCause; readonly order: UserOrder }
  | { readonly kind: 'conditional'; readonly cause: ConditionalCause; readonly conditional: ConditionalOrder }
  | {
      readonly kind: 'refusal';
      readonly action: 'place' | 'amend' | 'cancel';
      readonly reason: RefusalReason;
      readonly symbol: string;
      readonly request?: OrderRequest | undefined;
    }
  | {
      readonly kind: 'fill';
      readonly symbol: string;
      readonly tradeId: number;
      readonly orderId: number;
      readonly clientId: string;
      readonly side: Side;
      readonly leg: Leg;
      readonly price: number;
      readonly size: number;
      readonly liquidity: 'maker' | 'taker';
      readonly fee: bigint;
      readonly feeAsset: string;
      /** Money; 0 on spot. */
      readonly profit: bigint;
      /** What rounding the profit to money left over, in value units; negative when it added. */
      readonly dust: bigint;
    }
  | {
      readonly kind: 'balance';
      readonly cause: BalanceCause;
      readonly asset: string;
      readonly change: bigint;
      readonly total: bigint;
      readonly locked: bigint;
    }
  | {
      readonly kind: 'position';
      readonly symbol: string;
      readonly leg: Leg;
      readonly size: number;
      readonly cost: bigint;
      readonly realized: bigint;
      /** With isolated margin: the money set aside. */
      readonly wallet?: bigint;
    }
  | {
      readonly kind: 'funding';
      readonly symbol: string;
      readonly leg: Leg;
      readonly size: number;
      readonly markPrice: number;
      readonly rate: bigint;
      readonly payment: bigint;
      readonly asset: string;
    }
  | { readonly kind: 'liquidation'; readonly asset: string; readonly equity: bigint; readonly maintenance: bigint }
  | {
      readonly kind: 'setting';
      readonly setting: 'leverage' | 'hedge-mode' | 'isolated-margin';
      readonly symbol: string | undefined;
      readonly value: number;
    };

export type LedgerEntry = LedgerBody & {
  /** 1, 2, 3, ... over all accounts of a venue. */
  readonly id: number;
  /** Whole ms since epoch. */
  readonly time: number;
  readonly account: string;
};

export type LedgerKind = LedgerBody['kind'];
type Listener = (entry: LedgerEntry) => void;
type GroupListener = (entries: readonly LedgerEntry[]) => void;

/** Entries kept unless told otherwise: some 100,000 orders. */
const KEPT = 1_000_000;

/**
 * Everything that happened to the accounts of one venue, in order: the truth that tests compare with. It grows to `kept`
 * entries; beyond that the oldest go, a tenth of them at a time, and ids tell what is missing.
 */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #groupListeners = new Set<GroupListener>();
  readonly #now: () => number;
  readonly #kept: number;
  #lastId = 0;
  /** What has been appended since {@link together} began. */
  #group: LedgerEntry[] | undefined;

  constructor(now: () => number, kept: number = KEPT) {
    this.#now = now;
    this.#kept = kept;
  }

  /** Oldest first, ids rising by 1. */
  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  append(account: string, body: LedgerBody): void {
    const entry: LedgerEntry = Object.freeze({ ...body, id: ++this.#lastId, time: Math.floor(this.#now()), account });
    this.#entries.push(entry);
    if (this.#entries.length > this.#kept) this.#entries.splice(0, Math.ceil(this.#kept / 10));
    for (const listener of this.#listeners) listener(entry);
    if (this.#group) this.#group.push(entry);
    else this.#tell([entry]);
  }

  /** What `run` appends happened at once, as one fill changes an order, a position and balances. */
  together<T>(run: () => T): T {
    if (this.#group) return run();
    const group: LedgerEntry[] = [];
    this.#group = group;
    try {
      return run();
    } finally {
      this.#group = undefined;
      if (group.length > 0) this.#tell(group);
    }
  }

  /** Hears every entry from now on, synchronously. @returns ends it */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As {@link subscribe}, but hears what happened at once in one go: what a venue tells in one message. */
  listen(listener: GroupListener): () => void {
    this.#groupListeners.add(listener);
    return () => this.#groupListeners.delete(listener);
  }

  /** Entries after an id, oldest first: pages for those who read along. */
  after(id: number, limit: number): readonly LedgerEntry[] {
    const start = Math.max(0, id + 1 - (this.#entries[0]?.id ?? 1));
    return this.#entries.slice(start, start + limit);
  }

  /** SHA-256 of all entries as text: equal for equal runs. */
  hash(): string {
    const hash = createHash('sha256');
    for (const entry of this.#entries) hash.update(`${serializeEntry(entry)}\n`);
    return hash.digest('hex');
  }

  #tell(group: readonly LedgerEntry[]): void {
    for (const listener of this.#groupListeners) listener(group);
  }
}

/** An entry as JSON; scaled integers become strings of digits. */
export function serializeEntry(entry: LedgerEntry): string {
  return JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
