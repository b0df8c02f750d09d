import type { Account, Peer } from '@speed-protocol/simulator';
import type { UserFeed, UserListener } from '../private/user-feed.js';
import { VenueError } from '../venue-error.js';

/** Subscriptions of one connection in all its life. */
const MAX_LIFETIME = 65_535;

interface Subscription extends UserListener {
  readonly id: number;
  readonly account: string;
  /** Follows the login: ends when that does. */
  readonly byLogin: boolean;
}

/** The user-data subscriptions of one order-socket connection, one per account: spot's way. */
export class UserData {
  readonly #feed: UserFeed;
  readonly #peer: Peer;
  readonly #now: () => number;
  readonly #active = new Map<number, Subscription>();
  #nextId = 0;

  constructor(feed: UserFeed, peer: Peer, now: () => number) {
    this.#feed = feed;
    this.#peer = peer;
    this.#now = now;
  }

  get ids(): readonly number[] {
    return [...this.#active.keys()];
  }

  /** @returns the subscription's id @throws VenueError -2035 when the account is subscribed already */
  subscribe({ id: account }: Account, byLogin = false): number {
    if ([...this.#active.values()].some((each) => each.account === account) || this.#nextId >= MAX_LIFETIME) {
      throw new VenueError(-2035, 'User Data Stream subscription already active.');
    }
    const id = this.#nextId++;
    const subscription = { id, account, byLogin, hear: (event, json) => this.#say(id, event.e, json) } satisfies Subscription;
    this.#active.set(id, subscription);
    this.#feed.add(account, subscription);
    return id;
  }

  /** Ends one, or all, and says so on each. @returns how many there were @throws VenueError -2036 when there is no such one */
  unsubscribe(id?: number): number {
    if (id !== undefined && !this.#active.has(id)) throw new VenueError(-2036, 'User Data Stream subscription not active.');
    const ending = id === undefined ? [...this.#active.values()] : [this.#active.get(id)!];
    for (const subscription of ending) this.#end(subscription);
    return ending.length;
  }

  /** The login is over. */
  logOut(): void {
    for (const subscription of [...this.#active.values()]) if (subscription.byLogin) this.#end(subscription);
  }

  /** The connection is gone: nobody is there to be told. */
  drop(): void {
    for (const subscription of this.#active.values()) this.#feed.remove(subscription.account, subscription);
    this.#active.clear();
  }

  #end(subscription: Subscription): void {
    this.#active.delete(subscription.id);
    this.#feed.remove(subscription.account, subscription);
    this.#feed.tell([subscription], { e: 'eventStreamTerminated', E: this.#now() });
  }

  #say(id: number, topic: string, json: string): void {
    this.#peer.send(`{"subscriptionId":${id},"event":${json}}`, topic);
  }
}
