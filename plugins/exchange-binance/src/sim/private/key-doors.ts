import type { Peer } from '@speed-protocol/simulator';
import type { UserEvent } from './happening.js';
import type { ListenKeys } from './listen-keys.js';
import type { UserListener } from './user-feed.js';

/** How a stream connection says what it says. */
export interface Framing {
  /** True: messages come wrapped as `{"stream","data"}`. */
  readonly combined: boolean;
}

/** The listen keys that one stream connection listens with. */
export class KeyDoors {
  readonly #keys: ListenKeys;
  readonly #peer: Peer;
  readonly #framing: Framing;
  /** Event types asked for by `?events=`; all without it. */
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #open = new Map<string, UserListener>();

  constructor(keys: ListenKeys, peer: Peer, framing: Framing) {
    this.#keys = keys;
    this.#peer = peer;
    this.#framing = framing;
    const events = peer.query.get('events');
    this.#wanted = events === null ? undefined : new Set(events.split('/'));
  }

  /** Listens with a name if it is a running key. A key that has ended is just a stream that stays silent. */
  open(key: string): void {
    const listener = { hear: (event: UserEvent, json: string) => this.#say(key, event, json) };
    if (!this.#open.has(key) && this.#keys.listen(key, listener)) this.#open.set(key, listener);
  }

  close(key: string): void {
    const listener = this.#open.get(key);
    if (listener) this.#keys.leave(key, listener);
    this.#open.delete(key);
  }

  #say(key: string, event: UserEvent, json: string): void {
    if (this.#wanted && !this.#wanted.has(event.e)) return;
    this.#peer.send(this.#framing.combined ? `{"stream":"${key}","data":${json}}` : json, event.e);
  }
}
