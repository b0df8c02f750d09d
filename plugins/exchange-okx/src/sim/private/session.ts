import type { Account, Peer } from '@speed-protocol/simulator';
import { checkExpiry, type Login, logIn } from '../trading/authenticate.js';
import type { TradingDesk } from '../trading/desk.js';
import { attempt, type Fields, verdict } from '../trading/orders.js';
import { VenueError } from '../venue-error.js';
import { isAskedFor, PRIVATE_CHANNELS, type PrivateArgument, type PrivateFeed, type PrivateListener, type Row } from './feed.js';

const OPERATIONS: Readonly<Record<string, 'place' | 'cancel' | 'amend'>> = {
  order: 'place',
  'batch-orders': 'place',
  'cancel-order': 'cancel',
  'batch-cancel-orders': 'cancel',
  'amend-order': 'amend',
  'batch-amend-orders': 'amend',
};

/** The private half of a connection: who has logged in, what is told to them, and orders. */
export class PrivateSession implements PrivateListener {
  account: Account | undefined;
  readonly #arguments = new Map<string, PrivateArgument>();

  constructor(
    private readonly peer: Peer,
    private readonly desk: TradingDesk,
    private readonly feed: PrivateFeed,
  ) {}

  static serves(channel: string): boolean {
    return PRIVATE_CHANNELS.has(channel);
  }

  static carriesOut(op: unknown): op is string {
    return typeof op === 'string' && Object.hasOwn(OPERATIONS, op);
  }

  /** @throws VenueError 600xx */
  logIn(login: Login): void {
    this.account = logIn(this.desk.accounts, login, this.desk.now());
    this.feed.add(this.account.id, this);
  }

  /** @throws VenueError 60011 before a login */
  subscribe(argument: PrivateArgument, acknowledge: () => void): void {
    const account = this.#loggedIn();
    this.#arguments.set(JSON.stringify(argument), argument);
    acknowledge();
    const rows = this.feed.first(account, argument.channel).filter((row) => isAskedFor(argument, row));
    if (argument.channel !== 'orders') this.#send(argument, rows);
  }

  unsubscribe(argument: PrivateArgument): void {
    this.#arguments.delete(JSON.stringify(argument));
  }

  hear(channel: string, rows: readonly Row[]): void {
    for (const argument of this.#arguments.values()) {
      const asked = argument.channel === channel ? rows.filter((row) => isAskedFor(argument, row)) : [];
      if (asked.length > 0) this.#send(argument, asked);
    }
  }

  /** Orders over the socket. */
  carryOut(op: string, args: readonly Fields[], id: string, expTime: string | undefined): void {
    const say = (code: string, msg: string, data: readonly unknown[]) =>
      JSON.stringify({ id, op, code, msg, data, inTime: this.#microseconds(), outTime: this.#microseconds() });
    const { account } = this;
    if (!account) return void this.peer.send(say('60011', 'Please log in', []));
    try {
      checkExpiry(expTime, this.desk.now());
    } catch (error) {
      return void this.peer.send(say((error as VenueError).code, (error as VenueError).message, []));
    }
    const results = args.map((fields) => attempt(this.desk, account, OPERATIONS[op]!, fields));
    const { code, msg } = verdict(results);
    const answer = say(
      code,
      msg,
      results.map(({ row }) => row),
    );
    // Nobody knows what became of it.
    const failure = () => say('50026', 'System error. Try again later.', []);
    this.peer.answer(answer, { orders: results.map(({ act }) => act), failure });
  }

  close(): void {
    if (this.account) this.feed.remove(this.account.id, this);
    this.#arguments.clear();
  }

  #loggedIn(): Account {
    if (!this.account) throw new VenueError('60011', 'Please log in');
    return this.account;
  }

  #send(argument: PrivateArgument, data: readonly Row[]): void {
    const uid = Number.parseInt(this.account!.credentials.apiKey.slice(0, 6), 36);
    this.peer.send(JSON.stringify({ arg: { ...argument, uid: String(uid) }, data }), `private ${argument.channel}`);
  }

  #microseconds(): string {
    return `${this.desk.now()}000`;
  }
}
