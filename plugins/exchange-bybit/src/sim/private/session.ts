import type { Account, Peer, VirtualClock } from '@speed-protocol/simulator';
import { named, type Request, Session } from '../streams/session.js';
import { logIn } from '../trading/authenticate.js';
import type { TradingDesk } from '../trading/desk.js';
import { VenueError } from '../venue-error.js';
import { PRIVATE_TOPIC, type PrivateFeed, type PrivateListener, type Row } from './feed.js';

/** What the sockets of accounts work on. */
export interface AccountSessionParts {
  readonly clock: VirtualClock;
  readonly desk: TradingDesk;
  readonly feed: PrivateFeed;
}

/** One client's connection to what happens to an account. */
export class PrivateSession extends Session implements PrivateListener {
  account: Account | undefined;
  readonly #topics = new Set<string>();
  #messages = 0;

  constructor(
    peer: Peer,
    private readonly parts: AccountSessionParts,
  ) {
    super(peer, parts.clock);
  }

  override get isLoggedIn(): boolean {
    return this.account !== undefined;
  }

  protected serve({ op, args, req_id }: Request): void {
    const list = Array.isArray(args) ? args : [];
    switch (op) {
      case 'ping':
        return void this.say({ ...named(req_id), op: 'pong', args: [String(this.parts.desk.now())], conn_id: this.connId });
      case 'auth':
        return void this.#logIn(list, req_id);
      case 'subscribe':
      case 'unsubscribe':
        return void this.#change(op, list.map(String), req_id);
      default:
        return void this.#answer(String(op), req_id, `error:unknown operation ${String(op)}`);
    }
  }

  hear(topic: string, rows: readonly Row[]): void {
    for (const asked of this.#topics) {
      const [name, category] = asked.split('.');
      const own = category === undefined ? rows : rows.filter((row) => row.category === category);
      if (name === topic && own.length > 0) this.#tell(asked, own);
    }
  }

  override onClose(): void {
    super.onClose();
    if (this.account) this.parts.feed.remove(this.account.id, this);
    this.#topics.clear();
  }

  #logIn(args: readonly unknown[], id: unknown): void {
    try {
      this.account = logIn(this.parts.desk.accounts, args, this.parts.desk.now());
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return void this.#answer('auth', id, error.message);
    }
    this.parts.feed.add(this.account.id, this);
    this.#answer('auth', id);
  }

  #change(op: 'subscribe' | 'unsubscribe', topics: readonly string[], id: unknown): void {
    if (!this.account) return void this.#answer(op, id, 'Request not authorized');
    const unknown = topics.find((topic) => !PRIVATE_TOPIC.test(topic));
    if (unknown !== undefined) return void this.#answer(op, id, `error:handler not found,topic:${unknown}`);
    if (isMixed(topics))
      return void this.#answer(op, id, 'error:all-in-one and categorised topics cannot be subscribed together');
    for (const topic of topics) {
      if (op === 'subscribe') this.#topics.add(topic);
      else this.#topics.delete(topic);
    }
    this.#answer(op, id);
  }

  #tell(topic: string, data: readonly Row[]): void {
    const id = `${this.connId}-${++this.#messages}`;
    this.send(JSON.stringify({ topic, id, creationTime: this.parts.desk.now(), data }), `private ${topic}`);
  }

  /** @param why absent: it has been done */
  #answer(op: string, id: unknown, why?: string): void {
    this.say({ success: why === undefined, ret_msg: why ?? '', op, conn_id: this.connId, ...named(id) });
  }
}

/** `order` and `order.linear` in one request. */
function isMixed(topics: readonly string[]): boolean {
  return topics.some((topic) => topic.includes('.') && topics.includes(topic.split('.')[0]!));
}
