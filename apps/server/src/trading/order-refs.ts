import type { DeskOrder, TradingAccount } from '@speed-protocol/host';
import type { User } from './users.js';

/** A client's own name of an order as it is kept with it: every user has names of its own. */
export const tagOf = (user: User, ref: string): string => JSON.stringify([user.name, ref]);

/** The client's name of an order, from its tag. */
export function refOf({ tag }: Pick<DeskOrder, 'tag'>): string | null {
  return tag === null ? null : (JSON.parse(tag) as [string, string])[1];
}

/** Orders that are being placed, by what their clients call them: the same name places once. */
export class OrderRefs {
  readonly #placing = new Map<string, Promise<DeskOrder>>();

  /** Places once, also when an earlier process did; what was refused unsent may be tried again. */
  once(account: TradingAccount, tag: string, place: () => Promise<DeskOrder>): Promise<DeskOrder> {
    const key = `${account.id} ${tag}`;
    const placing = this.#placing.get(key);
    if (placing) return placing;
    const known = account.tagged(tag);
    if (known) return Promise.resolve(known);
    const placed = place().finally(() => this.#placing.delete(key));
    this.#placing.set(key, placed);
    return placed;
  }
}
