import { ACTS, randomFrom, type Scene } from './acts.js';
import { type Json, RawClient } from './client.js';
import { Follower } from './follower.js';
import { accountsOf, openUserWorld, tokenOf, USERS, type UserName, type UserWorld } from './world.js';

export interface UserRunOptions {
  readonly seed: number;
  readonly steps: number;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface UserRunReport {
  readonly run: 'users';
  readonly seed: number;
  readonly steps: number;
  /** Texts that a user got and that speak of the other one. */
  readonly foreignEvents: number;
  /** Events that came twice, not at all, or to a session that they do not concern. */
  readonly wrong: number;
  readonly orders: number;
  readonly fills: number;
  readonly events: number;
  readonly resumes: number;
  readonly seconds: number;
  /** The first of what went wrong. */
  readonly problems: readonly string[];
  readonly ok: boolean;
}

/** Connections per user besides the one that follows everything. */
const CONNECTIONS = 3;
/** Commands under way at a time. */
const PARALLEL = 24;
/** One step in so many cuts a connection. */
const CUT_EVERY = 200;
const SHOWN = 20;

const otherOf = (user: UserName): UserName => USERS.find((each) => each !== user)!;

/** Two users, all actions, random order, attacks on each other included: nobody is told anything of the other. */
export async function runUsers(options: UserRunOptions): Promise<UserRunReport> {
  await using world = await openUserWorld();
  return await new Run(world, options).run();
}

class Run {
  readonly #random: () => number;
  readonly #foreign: string[] = [];
  readonly #wrong: string[] = [];
  readonly #clients = new Map<UserName, RawClient[]>();
  readonly #labels = new Map<RawClient, string>();
  readonly #followers = new Map<UserName, Follower>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #weights = ACTS.reduce((sum, [weight]) => sum + weight, 0);
  #events = 0;
  #opened = 0;

  constructor(
    private readonly world: UserWorld,
    private readonly options: UserRunOptions,
  ) {
    this.#random = randomFrom(options.seed);
  }

  async run(): Promise<UserRunReport> {
    const { steps, onProgress } = this.options;
    const start = performance.now();
    for (const user of USERS) await this.#begin(user);
    for (let step = 1; step <= steps; step++) {
      await this.#step();
      if (step % Math.max(1, Math.floor(steps / 10)) === 0) onProgress?.(`${step} steps, ${this.#events} events`);
    }
    await Promise.all(this.#pending);
    await this.#settle();
    return this.#report((performance.now() - start) / 1000);
  }

  async #begin(user: UserName): Promise<void> {
    const follower = new Follower(user, (onEvent) => this.#connect(user, onEvent));
    this.#followers.set(user, follower);
    await follower.begin();
    const clients = Array.from({ length: CONNECTIONS }, () => this.#open(user));
    this.#clients.set(user, await Promise.all(clients));
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const user = USERS[Math.floor(random() * USERS.length)]!;
    if (random() * CUT_EVERY < 1) return this.#cut(user);
    const client = this.#clients.get(user)![Math.floor(random() * CONNECTIONS)]!;
    const acting = Promise.resolve(this.#draw()(this.#scene(user, client)));
    this.#pending.add(acting);
    void acting.finally(() => this.#pending.delete(acting));
    if (this.#pending.size >= PARALLEL) await Promise.race(this.#pending);
    // Actions of the prototype are not awaited by a reply: let the server keep up.
    if (random() < 0.02) await client.call('ping', {});
  }

  #draw() {
    let at = this.#random() * this.#weights;
    for (const [weight, act] of ACTS) {
      at -= weight;
      if (at <= 0) return act;
    }
    return ACTS[0]![1];
  }

  async #cut(user: UserName): Promise<void> {
    if (this.#random() < 0.5) return this.#followers.get(user)!.cut();
    const clients = this.#clients.get(user)!;
    const at = Math.floor(this.#random() * CONNECTIONS);
    clients[at]!.terminate();
    await clients[at]!.closed;
    clients[at] = await this.#open(user);
  }

  #scene(user: UserName, client: RawClient): Scene {
    const other = otherOf(user);
    return {
      ...{ random: this.#random, user, other, client, label: this.#labels.get(client)! },
      ordersOf: (name) => this.#ordersOf(name),
      foreignSession: this.#followers.get(other)!.session,
      fail: (problem) => this.#wrong.push(problem),
    };
  }

  #ordersOf(user: UserName): readonly string[] {
    const [account] = accountsOf(user).slice(Math.floor(this.#random() * 2));
    return this.world.arena.account(account!).ids;
  }

  /** A connection that follows nothing: it is told of the orders that it places, and of no others. */
  async #open(user: UserName): Promise<RawClient> {
    const client = await this.#connect(user, (event) => this.#judgeOwn(event, client));
    this.#labels.set(client, `${user}-c${++this.#opened}`);
    return client;
  }

  #judgeOwn(event: Json, client: RawClient): void {
    this.#events++;
    if (event['type'] !== 'order') return;
    const { ref } = event['order'] as { ref: string | null };
    if (ref !== null && !ref.startsWith(`${this.#labels.get(client)}-`))
      this.#wrong.push(`${this.#labels.get(client)} was told of an order of another connection: ${JSON.stringify(event)}`);
  }

  #connect(user: UserName, onEvent: (event: Json, client: RawClient) => void): Promise<RawClient> {
    const url = this.world.server.webSocketUrl;
    const onForeign = (text: string) => this.#foreign.push(`${user} got ${text}`);
    return RawClient.open(url, tokenOf(user), new RegExp(otherOf(user), 'i'), onForeign, onEvent);
  }

  /** Nothing is under way any more when the server has answered everybody, twice: what it waited for is done. */
  async #settle(): Promise<void> {
    for (const user of USERS) {
      for (const account of accountsOf(user)) await this.#followers.get(user)!.client.call('cancel_all', { account });
      for (const client of this.#clients.get(user)!) await client.call('ping', {});
      await this.#followers.get(user)!.cut();
      await this.#followers.get(user)!.client.call('ping', {});
      this.#followers.get(user)!.compare(this.world.arena, accountsOf(user));
    }
  }

  #report(seconds: number): UserRunReport {
    const { seed, steps } = this.options;
    const followers = [...this.#followers.values()];
    for (const each of followers) this.#wrong.push(...each.problems);
    const accounts = [...this.world.arena.accounts.values()];
    const sum = (of: (each: (typeof accounts)[number]) => number) => accounts.reduce((total, each) => total + of(each), 0);
    for (const client of [...this.#clients.values()].flat()) client.terminate();
    for (const { client } of followers) client.terminate();
    return {
      ...{ run: 'users', seed, steps, foreignEvents: this.#foreign.length, wrong: this.#wrong.length },
      ...{ orders: sum((each) => each.rows.size), fills: sum((each) => each.trades.length) },
      events: this.#events + followers.reduce((total, { seq }) => total + seq, 0),
      resumes: followers.reduce((total, each) => total + each.resumes, 0),
      seconds: Math.round(seconds * 10) / 10,
      problems: [...this.#foreign, ...this.#wrong].slice(0, SHOWN),
      ok: this.#foreign.length === 0 && this.#wrong.length === 0,
    };
  }
}
