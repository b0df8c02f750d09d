import type { Arena } from './arena.js';
import type { Json, RawClient } from './client.js';
import type { UserName } from './world.js';

/**
 * One session that follows all of a user's accounts and is cut again and again: over all its connections every event must
 * come once, numbered without a hole.
 */
export class Follower {
  client!: RawClient;
  session = '';
  seq = 0;
  resumes = 0;
  readonly problems: string[] = [];
  readonly #orders = new Map<string, string>();
  readonly #trades = new Map<string, number>();

  constructor(
    readonly user: UserName,
    private readonly connect: (onEvent: (event: Json, client: RawClient) => void) => Promise<RawClient>,
  ) {}

  async begin(): Promise<void> {
    this.client = await this.connect((event, client) => this.#take(event, client));
    const { result } = await this.client.call('resume', { follow: 'all' });
    const { session, seq } = result as { session: string; seq: number };
    Object.assign(this, { session, seq });
  }

  /** Ends the connection without a word, and goes on with another one. */
  async cut(): Promise<void> {
    this.client.terminate();
    await this.client.closed;
    this.client = await this.connect((event, client) => this.#take(event, client));
    const { result } = await this.client.call('resume', { session: this.session, after: this.seq });
    if ((result as Json | undefined)?.['resumed'] !== true)
      this.problems.push(`${this.user}: the session was not resumed: ${JSON.stringify(result)}`);
    this.resumes++;
  }

  /** Holds what was told against the exchange's own books. */
  compare(arena: Arena, accounts: readonly string[]): void {
    for (const account of accounts.map((name) => arena.account(name))) {
      for (const [id, { status }] of account.rows) {
        const told = this.#orders.get(id);
        if (told !== status) this.problems.push(`${this.user}: ${id} is ${status} and was told as ${told}`);
      }
      for (const { tradeId } of account.trades) {
        const times = this.#trades.get(tradeId) ?? 0;
        if (times !== 1) this.problems.push(`${this.user}: the fill ${tradeId} was told ${times} times`);
      }
    }
  }

  #take(event: Json, client: RawClient): void {
    if (client !== this.client) return;
    const seq = Number(event['seq']);
    if (seq !== this.seq + 1) this.problems.push(`${this.user}: event ${seq} came after ${this.seq}`);
    this.seq = seq;
    if (event['type'] === 'order') {
      const { clientOrderId, status } = event['order'] as { clientOrderId: string; status: string };
      this.#orders.set(clientOrderId, status);
    } else if (event['type'] === 'fill') {
      const { tradeId } = event['fill'] as { tradeId: string };
      this.#trades.set(tradeId, (this.#trades.get(tradeId) ?? 0) + 1);
    }
  }
}
