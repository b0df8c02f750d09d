import type { Account, Peer, PeerHandler, VirtualClock } from '@speed-protocol/simulator';
import type { PrivateFeed } from '../private/feed.js';
import type { Session } from '../rest/route.js';
import { parseRpc, type RpcRequest, type RpcServer } from '../rest/server.js';
import { say, VenueError } from '../venue-error.js';
import { channelOf } from './channels.js';
import { type Publisher, type Subscriber, textOf } from './publisher.js';

export interface SessionOptions {
  readonly rpc: RpcServer;
  readonly publisher: Publisher;
  readonly feed: PrivateFeed;
  readonly clock: VirtualClock;
}

const CLOSE_TOO_MANY = 1008;

/** One client's connection: everything goes over it, public, private and orders. */
export class StreamSession implements Subscriber, PeerHandler, Session {
  cancelOnDisconnect = false;
  readonly #peer: Peer;
  readonly #options: SessionOptions;
  readonly #channels = new Set<string>();
  /** First messages of channels, due after the answer. */
  #due: (() => void)[] = [];
  #account: Account | undefined;
  #cancelExpiry: () => void = () => {};
  #cancelBeat: () => void = () => {};
  #heardAt: number;
  /** A `test_request` that has no answer yet. */
  #tested = false;

  constructor(peer: Peer, options: SessionOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#heardAt = options.clock.now();
  }

  get account(): Account | undefined {
    return this.#account;
  }

  get id(): number {
    return this.#peer.id;
  }

  send(text: string, topic: string): void {
    this.#peer.send(text, topic);
  }

  /** Private data of a channel. */
  tell(channel: string, data: unknown): void {
    if (this.#channels.has(channel)) this.#peer.send(textOf(channel, data), `private ${channel}`);
  }

  get channels(): ReadonlySet<string> {
    return this.#channels;
  }

  onMessage(text: string): void {
    this.#heardAt = this.#options.clock.now();
    this.#tested = false;
    let request: RpcRequest;
    try {
      request = parseRpc(text);
    } catch (error) {
      return void this.#peer.send(this.#options.rpc.say(undefined, { error: error as VenueError }));
    }
    this.#carryOut(request);
  }

  onClose(): void {
    this.unsubscribeAll();
    this.#cancelBeat();
    this.#cancelExpiry();
    const { account } = this;
    if (account && this.cancelOnDisconnect) this.#options.rpc.context.desk.cancelOrdersOf(account, this.id);
    this.logOut();
  }

  subscribe(channels: readonly string[]): readonly string[] {
    if (!this.#account && channels.some((name) => channelOf(name)?.isRaw)) throw say.rawForAccounts();
    return channels.filter((name) => this.#channels.has(name) || this.#subscribe(name));
  }

  unsubscribe(channels: readonly string[]): readonly string[] {
    return channels.filter((name) => {
      this.#options.publisher.remove(name, this);
      return this.#channels.delete(name);
    });
  }

  unsubscribeAll(): void {
    this.unsubscribe([...this.#channels]);
  }

  setHeartbeat(seconds: number): void {
    this.#cancelBeat();
    if (seconds > 0) this.#awaitBeat(1_000 * seconds);
  }

  logIn(account: Account, expiresAt: number): void {
    this.#account = account;
    this.#options.feed.add(account.id, this);
    this.#cancelExpiry();
    this.#cancelExpiry = this.#options.clock.schedule(expiresAt - this.#options.rpc.context.now(), () => this.logOut());
  }

  logOut(): void {
    if (this.#account) this.#options.feed.remove(this.#account.id, this);
    this.#account = undefined;
    this.unsubscribe([...this.#channels].filter((name) => name.startsWith('user.')));
  }

  terminate(): void {
    this.#peer.terminate();
  }

  #carryOut(request: RpcRequest): void {
    const { rpc } = this.#options;
    const caller = { remote: this.#peer.remote, account: this.#account, session: this };
    const { text, error, orders } = rpc.answer(request, caller);
    // Nobody knows what became of it.
    const failure = () => rpc.say(request.id, { error: new VenueError(13888, 'timed_out') });
    if (orders.length > 0) this.#peer.answer(text, { orders, failure });
    else this.#peer.send(text);
    const due = this.#due;
    this.#due = [];
    for (const first of due) first();
    if (error?.code === say.tooMany().code) this.#peer.close(CLOSE_TOO_MANY, 'too_many_requests');
  }

  #subscribe(name: string): boolean {
    const { publisher, feed } = this.#options;
    const own = name.startsWith('user.');
    if (own && (!this.#account || !feed.serves(name))) return false;
    const first = own ? () => feed.first(this.#account!, name, this) : publisher.add(name, this);
    if (!first) return false;
    this.#channels.add(name);
    this.#due.push(first);
    return true;
  }

  /** Says that it is there; whoever has been silent since the last time is asked, and cut when silent again. */
  #awaitBeat(everyMs: number): void {
    const { clock } = this.#options;
    const begun = clock.now();
    this.#cancelBeat = clock.schedule(everyMs, () => {
      if (this.#tested) return void this.#peer.close(1000, 'no answer to a test request');
      const silent = this.#heardAt <= begun;
      this.#tested = silent;
      this.#beat('heartbeat');
      if (silent) this.#beat('test_request');
      this.#awaitBeat(everyMs);
    });
  }

  #beat(type: string): void {
    this.#peer.send(JSON.stringify({ jsonrpc: '2.0', method: 'heartbeat', params: { type } }));
  }
}
