import type { AccountEvent, CommandParams, CommandResult } from '@speed-protocol/protocol';

/**
 * The session could not be gone on with, or has just begun: list orders, fills and positions again before relying on
 * events. `new` is the first one of all.
 */
export interface RelistEvent {
  readonly type: 'relist';
  readonly reason: 'new' | 'server-restarted' | 'expired' | 'missed-too-much';
}

export type AccountListener = (event: AccountEvent | RelistEvent) => void;
export type Follow = 'all' | 'own';

type Resume = (params: CommandParams<'resume'>) => Promise<CommandResult<'resume'>>;

/** The account events of this client: one session that goes on over reconnects, each event told once and in order. */
export class AccountEvents {
  readonly #listeners = new Set<AccountListener>();
  #session: string | undefined;
  #seq = 0;
  #follow: Follow | undefined;
  #began: Promise<void> | undefined;
  /** Events of a session whose reply is awaited: they follow it, but may be read in the same turn. */
  #early: AccountEvent[] | undefined;

  constructor(
    private readonly onListenerError: (error: unknown) => void,
    private readonly onHole: () => void,
  ) {}

  /** Whether there is a session: a new connection has to go on with it, and a new listener may have missed something of it. */
  get hasBegun(): boolean {
    return this.#session !== undefined;
  }

  add(listener: AccountListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: AccountListener): void {
    this.#listeners.delete(listener);
  }

  /** Begins, or widens from own orders to all. Resolves when the server has agreed. */
  async ensure(follow: Follow, resume: Resume): Promise<void> {
    if (this.#follow === 'all' || this.#follow === follow) return this.#began;
    this.#follow = follow;
    this.#began = this.begin(resume);
    this.#began.catch(() => {
      this.#follow = undefined;
    });
    return this.#began;
  }

  /** Goes on, on this connection, from the last event that was told. */
  async begin(resume: Resume): Promise<void> {
    const had = this.#session;
    const early: AccountEvent[] = [];
    this.#early = early;
    try {
      const params = { follow: this.#follow, ...(had !== undefined && { session: had, after: this.#seq }) };
      const { session, seq, resumed, reason } = await resume(params);
      if (this.#early !== early) return;
      this.#early = undefined;
      this.#session = session;
      // Where it goes on, the events since our last one are among the early ones, or follow.
      if (!resumed || had === undefined) {
        this.#seq = seq;
        this.#tell({ type: 'relist', reason: had === undefined ? 'new' : (reason ?? 'expired') });
      }
      for (const event of early) this.onEvent(event);
    } finally {
      if (this.#early === early) this.#early = undefined;
    }
  }

  onEvent(event: AccountEvent): void {
    if (this.#early) this.#early.push(event);
    else if (this.#session === undefined || event.seq <= this.#seq) return;
    else if (event.seq > this.#seq + 1) this.onHole();
    else {
      this.#seq = event.seq;
      this.#tell(event);
    }
  }

  #tell(event: AccountEvent | RelistEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }
}
