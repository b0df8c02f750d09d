import type { Accounts, LedgerEntry } from '@speed-protocol/simulator';

export type FillRecord = Extract<LedgerEntry, { kind: 'fill' }>;
type FundingRecord = Extract<LedgerEntry, { kind: 'funding' }>;
type TransferRecord = Extract<LedgerEntry, { kind: 'balance' }>;
/** What may become a row of `income`. */
export type IncomeRecord = FillRecord | FundingRecord | TransferRecord;

/** What the ledger says of each account, by what clients ask for. */
export class Records {
  readonly #fills = new Map<string, FillRecord[]>();
  readonly #byOrder = new Map<string, FillRecord[]>();
  readonly #income = new Map<string, IncomeRecord[]>();
  readonly #all = new Map<string, FillRecord[]>();
  readonly #changed = new Map<string, number>();
  #firstFill: (account: string) => void = () => {};

  constructor({ ledger }: Accounts) {
    for (const entry of ledger.entries) this.#add(entry);
    ledger.subscribe((entry) => this.#add(entry));
  }

  /** Called once for every order that fills, wholly or in part. */
  onFirstFill(tell: (account: string) => void): void {
    this.#firstFill = tell;
  }

  /** Fills of an account, oldest first; of one symbol or of all. */
  fills(account: string, symbol?: string): readonly FillRecord[] {
    return (symbol === undefined ? this.#all.get(account) : this.#fills.get(`${account}/${symbol}`)) ?? [];
  }

  /** When money of an account last moved, ms; 0 before. */
  changedAt(account: string): number {
    return this.#changed.get(account) ?? 0;
  }

  fillsOf(account: string, symbol: string, orderId: number): readonly FillRecord[] {
    return this.#byOrder.get(`${account}/${symbol}/${orderId}`) ?? [];
  }

  /** Fills, funding, deposits and the house's help, oldest first. */
  income(account: string): readonly IncomeRecord[] {
    return this.#income.get(account) ?? [];
  }

  #add(entry: LedgerEntry): void {
    if (entry.kind === 'balance' || entry.kind === 'position') this.#changed.set(entry.account, entry.time);
    if (entry.kind === 'fill') this.#addFill(entry);
    else if (entry.kind === 'funding') push(this.#income, entry.account, entry);
    else if (entry.kind === 'balance' && (entry.cause === 'deposit' || entry.cause === 'insurance')) {
      push(this.#income, entry.account, entry);
    }
  }

  #addFill(fill: FillRecord): void {
    push(this.#fills, `${fill.account}/${fill.symbol}`, fill);
    push(this.#all, fill.account, fill);
    push(this.#income, fill.account, fill);
    const ofOrder = push(this.#byOrder, `${fill.account}/${fill.symbol}/${fill.orderId}`, fill);
    if (ofOrder === 1) this.#firstFill(fill.account);
  }
}

/** @returns how many there are now */
function push<T>(lists: Map<string, T[]>, key: string, item: T): number {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list.push(item);
}
