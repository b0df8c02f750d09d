import { randomBytes } from 'node:crypto';
import { AccountStream, type Note, type StreamLimits } from './account-stream.js';
import { mayUse, type User } from './users.js';

export interface StreamsOptions extends StreamLimits {
  /** How long a stream outlives its client, ms. */
  readonly keepMs: number;
  /** Streams without a client at most; the longest unused go first. */
  readonly detached: number;
}

type Lost = 'server-restarted' | 'expired' | 'missed-too-much';

/** Orders whose session is remembered. */
const OWNED_MOST = 100_000;

/**
 * Every account stream of a server, and the one place that decides who is told what: an event of an account goes to
 * streams of users who may use that account, and to nobody else.
 */
export class AccountStreams {
  /** Drawn at each start: a session of an earlier process is recognised as such. */
  readonly #boot = randomBytes(6).toString('hex');
  readonly #streams = new Map<string, AccountStream>();
  /** Streams that are told everything of what they may see. */
  readonly #followers = new Set<AccountStream>();
  /** Which session placed an order. */
  readonly #owners = new Map<string, AccountStream>();

  constructor(
    private readonly options: StreamsOptions,
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.#streams.size;
  }

  open(user: User, follow: 'all' | 'own'): AccountStream {
    this.sweep();
    const id = `${this.#boot}.${randomBytes(16).toString('hex')}`;
    const stream = new AccountStream(id, user, follow, this.options, this.now());
    this.#streams.set(id, stream);
    if (follow === 'all') this.#followers.add(stream);
    return stream;
  }

  /** A stream to go on with, or why that cannot be. A session of somebody else does not exist. */
  find(id: string, user: User, after: number): AccountStream | Lost {
    this.sweep();
    if (!id.startsWith(`${this.#boot}.`)) return 'server-restarted';
    const stream = this.#streams.get(id);
    if (stream?.user !== user) return 'expired';
    return stream.canResume(after) ? stream : 'missed-too-much';
  }

  /** What a stream is told from now on. */
  follow(stream: AccountStream, follow: 'all' | 'own'): void {
    stream.follow = follow;
    if (follow === 'all') this.#followers.add(stream);
    else this.#followers.delete(stream);
  }

  /** Before an order is placed: whose session it is told to. */
  own(key: string, stream: AccountStream): void {
    if (this.#owners.size >= OWNED_MOST) this.disown(this.#owners.keys().next().value!);
    this.#owners.set(key, stream);
    stream.owned.add(key);
  }

  disown(key: string): void {
    this.#owners.get(key)?.owned.delete(key);
    this.#owners.delete(key);
  }

  /** @param orderKey of the order that the event is about; absent: it is about the account as a whole */
  publish(account: string, note: Note, orderKey?: string): void {
    for (const stream of this.#followers) if (mayUse(stream.user, account)) stream.push(note);
    const owner = orderKey === undefined ? undefined : this.#owners.get(orderKey);
    if (owner?.follow === 'own' && mayUse(owner.user, account)) owner.push(note);
  }

  /** Lets go of streams whose client has not come back. */
  sweep(): void {
    const before = this.now() - this.options.keepMs;
    const detached = [...this.#streams.values()].filter((each) => each.detachedAt !== undefined);
    detached.sort((a, b) => a.detachedAt! - b.detachedAt!);
    const surplus = detached.length - this.options.detached;
    detached.forEach((stream, at) => {
      if (stream.detachedAt! < before || at < surplus) this.#end(stream);
    });
  }

  close(): void {
    for (const stream of [...this.#streams.values()]) this.#end(stream);
  }

  #end(stream: AccountStream): void {
    this.#streams.delete(stream.id);
    this.#followers.delete(stream);
    for (const key of stream.owned) this.#owners.delete(key);
    stream.owned.clear();
    stream[Symbol.dispose]();
  }
}
