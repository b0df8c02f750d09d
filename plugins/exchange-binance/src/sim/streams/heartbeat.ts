import type { Peer, VirtualClock } from '@speed-protocol/simulator';

const SECOND = 1000;

export interface HeartbeatOptions {
  readonly clock: VirtualClock;
  /** A connection ends at this age. */
  readonly lifetimeMs: number;
  readonly pingMs: number;
  /** A client that answers no ping for this long is dropped. */
  readonly pongMs: number;
  /** Inbound messages per second, pings and pongs included. */
  readonly messagesPerSecond: number;
}

/** How long a connection lives: as long as it answers pings and does not talk too much, and for a day at most. */
export class Heartbeat {
  readonly #peer: Peer;
  readonly #options: HeartbeatOptions;
  readonly #cancels: (() => void)[] = [];
  /** Instants of the latest inbound messages. */
  readonly #inbound: number[] = [];
  #pingSentAt: number | undefined;

  constructor(peer: Peer, options: HeartbeatOptions) {
    const { clock, lifetimeMs } = options;
    this.#peer = peer;
    this.#options = options;
    this.#cancels.push(clock.schedule(lifetimeMs, () => peer.close(1001, 'connection lifetime is over')));
    this.#schedulePing();
  }

  onPong(): void {
    this.#pingSentAt = undefined;
    this.overRate();
  }

  /** Counts one inbound message; cuts the connection when there are too many in a second. */
  overRate(): boolean {
    const now = this.#options.clock.now();
    const inbound = this.#inbound;
    inbound.push(now);
    while (inbound[0]! <= now - SECOND) inbound.shift();
    if (inbound.length <= this.#options.messagesPerSecond) return false;
    this.#peer.close(1008, 'Too many requests');
    return true;
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }

  #schedulePing(): void {
    const { clock, pingMs, pongMs } = this.#options;
    const ping = () => {
      const now = clock.now();
      if (this.#pingSentAt !== undefined && now - this.#pingSentAt >= pongMs) return void this.#peer.terminate();
      this.#pingSentAt ??= now;
      this.#peer.ping(String(Math.floor(now)));
      this.#schedulePing();
    };
    this.#cancels.push(clock.schedule(pingMs, ping));
  }
}
