import { type Account, drawText, type Random, type VirtualClock } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';
import type { UserFeed, UserListener } from './user-feed.js';

/** A key that nobody extends ends after this long. */
const LIFETIME_MS = 60 * 60_000;
const KEY_LENGTH = 64;

interface ListenKey {
  readonly key: string;
  readonly account: string;
  readonly listeners: Set<UserListener>;
  /** Calls the expiry off. */
  cancel(): void;
}

export interface ListenKeysOptions {
  readonly feed: UserFeed;
  readonly clock: VirtualClock;
  readonly random: Random;
}

/** The listen keys of a futures product: at most one per account, and whoever listens with it. */
export class ListenKeys {
  readonly #options: ListenKeysOptions;
  readonly #byKey = new Map<string, ListenKey>();
  readonly #byAccount = new Map<string, ListenKey>();

  constructor(options: ListenKeysOptions) {
    this.#options = options;
  }

  /** A key for an account, the running one if there is one, good for another hour. */
  start({ id }: Account): string {
    const running = this.#byAccount.get(id);
    if (running) return this.#extend(running);
    const key = drawText(this.#options.random, KEY_LENGTH);
    const row: ListenKey = { key, account: id, listeners: new Set(), cancel: () => {} };
    this.#byKey.set(key, row);
    this.#byAccount.set(id, row);
    return this.#extend(row);
  }

  /** Another hour for an account's key. @throws VenueError -1125 without a running key */
  extend({ id }: Account): string {
    const running = this.#byAccount.get(id);
    if (!running) throw new VenueError(-1125, 'This listenKey does not exist.');
    return this.#extend(running);
  }

  /** Ends the key of an account; whoever listens is told. Nothing to do without one. */
  stop({ id }: Pick<Account, 'id'>): void {
    const running = this.#byAccount.get(id);
    if (running) this.#end(running);
  }

  /** Ends all keys, as if their hour were over. @returns how many there were */
  expireAll(): number {
    const running = [...this.#byKey.values()];
    for (const row of running) this.#end(row);
    return running.length;
  }

  /** Listens with a key. @returns false when it is none, or has ended */
  listen(key: string, listener: UserListener): boolean {
    const row = this.#byKey.get(key);
    if (!row) return false;
    row.listeners.add(listener);
    this.#options.feed.add(row.account, listener);
    return true;
  }

  leave(key: string, listener: UserListener): void {
    const row = this.#byKey.get(key);
    if (!row?.listeners.delete(listener)) return;
    this.#options.feed.remove(row.account, listener);
  }

  #extend(row: ListenKey): string {
    row.cancel();
    row.cancel = this.#options.clock.schedule(LIFETIME_MS, () => this.#end(row));
    return row.key;
  }

  #end(row: ListenKey): void {
    row.cancel();
    this.#byKey.delete(row.key);
    this.#byAccount.delete(row.account);
    const { feed } = this.#options;
    const event = { e: 'listenKeyExpired', E: Math.floor(this.#options.clock.now()), listenKey: row.key };
    const listeners = [...row.listeners];
    feed.tell(listeners, event);
    for (const listener of listeners) feed.remove(row.account, listener);
  }
}
