import type { Resumed } from '../commands/context.js';
import { AccountStream, type StreamSink } from '../trading/account-stream.js';
import type { AccountStreams } from '../trading/streams.js';
import type { User } from '../trading/users.js';

export interface AccountLineParts {
  readonly streams: AccountStreams;
  now(): number;
  send(text: string): void;
  /** Another connection has resumed the session. */
  onTakenOver(): void;
}

/** The account events of one connection: a session that it has begun, or taken over from another one. */
export class AccountLine implements StreamSink {
  #stream: AccountStream | undefined;
  #released = false;

  constructor(private readonly parts: AccountLineParts) {}

  /** The session; begun with its own orders only when there is none. */
  stream(user: User): AccountStream {
    if (!this.#stream) {
      this.#stream = this.parts.streams.open(user, 'own');
      this.#stream.attach(this, 0);
    }
    return this.#stream;
  }

  /** @param after takes what is to be done once the reply has left */
  resume(
    user: User,
    id: string | undefined,
    seq: number,
    follow: 'all' | 'own' | undefined,
    after: (run: () => void) => void,
  ): Resumed {
    const { streams, now } = this.parts;
    if (id === undefined || id === this.#stream?.id) return this.#begin(user, follow ?? 'all');
    const found = streams.find(id, user, seq);
    if (!(found instanceof AccountStream)) return { ...this.#begin(user, follow ?? 'all'), resumed: false, reason: found };
    if (follow) streams.follow(found, follow);
    this.#stream?.detach(this, now());
    this.#stream = found;
    after(() => {
      if (this.#released) found.detach(this, now());
      else if (this.#stream === found) found.attach(this, seq);
    });
    return { session: id, seq, resumed: true, reason: null };
  }

  send(text: string): void {
    this.parts.send(text);
  }

  onTakenOver(): void {
    this.#stream = undefined;
    this.parts.onTakenOver();
  }

  /** The connection is gone; the session waits for another one. */
  release(): void {
    this.#released = true;
    this.#stream?.detach(this, this.parts.now());
  }

  #begin(user: User, follow: 'all' | 'own'): Resumed {
    const isNew = this.#stream === undefined;
    const stream = this.stream(user);
    this.parts.streams.follow(stream, follow);
    return { session: stream.id, seq: stream.seq, resumed: !isNew, reason: isNew ? 'new' : null };
  }
}
