import type { Clock } from '@speed-protocol/core';
import type { Random } from '../random.js';
import type { SimRequest, SimResponse } from '../server/exchange.js';
import type { SocketPeer } from '../server/socket-peer.js';
import type { RequestFate, RequestFaults, SocketFaults } from '../server/wire-faults.js';
import { corrupt } from './corrupt.js';
import { FaultList, type FaultRecord } from './list.js';
import { OrderFaults } from './order-faults.js';
import { Outbox } from './outbox.js';
import { checkFault, type FaultKind, type FaultSpec, isOrderFault } from './spec.js';

/** What an injection did at once: connections hit now; message and request faults hit later. */
export interface FaultTicket {
  readonly id: number;
  readonly kind: FaultKind;
  readonly affected: number;
}

export interface FaultHost {
  readonly clock: Clock;
  readonly random: Random;
  /** Open connections of all venues. */
  peers(): Iterable<SocketPeer>;
  /** Lets the venues (one, or all) say goodbye. */
  announceShutdown(venue: string | undefined): void;
  /** Ends all listen keys and logged-in sessions of one venue, or of all. @returns how many there were */
  expireKeys(venue: string | undefined): number;
}

/** What a fault does to a connection at once. */
type Act = (peer: SocketPeer, spec: FaultSpec, box: Outbox, clock: Clock) => void;

/** A half-open connection is forgotten after this long, so that long runs do not pile them up. */
const HALF_OPEN_MS = 120_000;

const ON_CONNECTIONS: Readonly<Partial<Record<FaultKind, Act>>> = {
  cut: (peer) => peer.terminate(),
  close: (peer, spec) => peer.close(spec.code ?? 1001, 'going away'),
  'half-open': (peer, _spec, _box, clock) => {
    peer.freeze();
    clock.schedule(HALF_OPEN_MS, () => peer.terminate());
  },
  stall: (_peer, spec, box) => box.stall(spec.durationMs ?? LASTING_MS),
};

/** Faults that wait for requests. */
const ON_REQUESTS: ReadonlySet<FaultKind> = new Set(['http', 'hang', 'maintenance']);
/** Those may wait for requests too. */
const ON_REQUESTS_ASKED: ReadonlySet<FaultKind> = new Set([...ON_REQUESTS, 'cut', 'slow']);
const ON_MESSAGES: ReadonlySet<FaultKind> = new Set(['drop', 'duplicate', 'reorder', 'corrupt']);
const SLOW: ReadonlySet<FaultKind> = new Set(['slow']);
const LATE: ReadonlySet<FaultKind> = new Set(['late']);
const LASTING_MS = 2000;
const RETRY_AFTER_SECONDS = 1;
const ONCE = { count: 1 };
/** How long faults last that say neither how long nor how often. */
const FALLBACK: Readonly<Partial<Record<FaultKind, { readonly durationMs?: number }>>> = {
  maintenance: { durationMs: LASTING_MS },
  'clock-skew': {},
  'slow-ack': {},
};

/** Everything that goes wrong on the way between venues and clients, on demand and on the record. */
export class Faults implements SocketFaults, RequestFaults {
  /** What happens to orders and their answers. */
  readonly orders: OrderFaults;
  readonly #host: FaultHost;
  readonly #list: FaultList;
  readonly #outboxes = new WeakMap<SocketPeer, Outbox>();

  constructor(host: FaultHost) {
    this.#host = host;
    this.#list = new FaultList(host.clock, host.random);
    this.orders = new OrderFaults(this.#list);
  }

  /** What was done, oldest first. */
  get records(): readonly FaultRecord[] {
    return this.#list.records;
  }

  /** Hits so far, of all kinds. */
  get hits(): number {
    return this.#list.hits;
  }

  /** Faults that still wait for something to hit. */
  get active(): readonly { readonly id: number; readonly spec: FaultSpec }[] {
    return this.#list.active.map(({ id, spec }) => ({ id, spec }));
  }

  /**
   * Starts a fault.
   * @throws SpeedError `invalid-request` naming what is wrong with it
   */
  inject(fault: FaultSpec): FaultTicket {
    const spec = checkFault(fault);
    const id = this.#list.nextId();
    const act = spec.target === 'rest' ? undefined : ON_CONNECTIONS[spec.kind];
    if (act) return { id, kind: spec.kind, affected: this.#actOnConnections(id, spec, act) };
    if (spec.kind === 'key-expiry') return { id, kind: spec.kind, affected: this.#expireKeys(id, spec) };
    this.#list.add(id, spec, FALLBACK[spec.kind] ?? (spec.probability !== undefined && isOrderFault(spec.kind) ? {} : ONCE));
    return { id, kind: spec.kind, affected: spec.kind === 'maintenance' ? this.#startMaintenance(id, spec) : 0 };
  }

  /** Ends a fault. @returns false when it had ended already */
  remove(id: number): boolean {
    return this.#list.remove(id);
  }

  /** Ends all faults. What they have done stays done. */
  clear(): void {
    this.#list.clear();
  }

  pass(peer: SocketPeer, data: Buffer, topic: string | undefined, write: (data: Buffer) => void): void {
    const box = this.#outboxes.get(peer);
    if (!box && this.#list.active.length === 0) write(data);
    else this.#send(peer, box ?? this.#outbox(peer), data, topic ?? '', write);
  }

  silent(peer: SocketPeer): boolean {
    return this.#outboxes.get(peer)?.stalled ?? false;
  }

  delayOf(peer: SocketPeer, text: string): number {
    for (const fault of this.#list.matching(LATE, peer.venue, peer.path)) {
      const { id, spec } = fault;
      if (!text.includes(spec.topic ?? '') || !this.#list.strikes(fault)) continue;
      this.#list.record(id, 'late', { venue: peer.venue, path: peer.path, peer: peer.id });
      return spec.delayMs ?? LASTING_MS;
    }
    return 0;
  }

  fate(venue: string, request: SimRequest, failure: (status: number, retryAfterSeconds: number) => SimResponse): RequestFate {
    for (const fault of this.#list.matching(ON_REQUESTS_ASKED, venue, request.path)) {
      const { spec } = fault;
      if (!(ON_REQUESTS.has(spec.kind) || spec.target === 'rest') || !this.#list.strikes(fault)) continue;
      this.#list.record(fault.id, spec.kind, { venue, path: request.path });
      if (spec.kind === 'hang') return { hang: true };
      if (spec.kind === 'cut') return { cut: true };
      if (spec.kind === 'slow') return { delayMs: spec.delayMs ?? 0 };
      return { answer: failure(spec.status ?? 503, spec.retryAfterSeconds ?? RETRY_AFTER_SECONDS), delayMs: spec.delayMs };
    }
    return {};
  }

  #send(peer: SocketPeer, box: Outbox, data: Buffer, topic: string, write: (data: Buffer) => void): void {
    const messages = this.#damage(peer, box, data, topic);
    const delayMs = this.#delay(peer);
    for (const message of messages) box.push(message, delayMs, write);
  }

  /** What a message becomes: nothing, itself, something else, several. */
  #damage(peer: SocketPeer, box: Outbox, data: Buffer, topic: string): readonly Buffer[] {
    const held = box.takeHeld(topic);
    let messages = [data];
    for (const fault of this.#list.matching(ON_MESSAGES, peer.venue, peer.path)) {
      const { spec } = fault;
      if (spec.target === 'rest' || (spec.topic !== undefined && !topic.includes(spec.topic))) continue;
      if ((spec.kind === 'reorder' && held) || !this.#list.strikes(fault)) continue;
      this.#list.record(fault.id, spec.kind, { venue: peer.venue, path: peer.path, peer: peer.id, topic });
      messages = this.#change(messages, spec, box, topic);
    }
    return held ? [...messages, held] : messages;
  }

  #change(messages: readonly Buffer[], spec: FaultSpec, box: Outbox, topic: string): Buffer[] {
    const { random } = this.#host;
    switch (spec.kind) {
      case 'drop':
        return [];
      case 'duplicate':
        return messages.flatMap((message) => [message, message]);
      case 'corrupt':
        return messages.map((message) => corrupt(message, spec.mode ?? random.pick(['high-bit', 'truncate']), random));
      case 'reorder':
        return messages.filter((message) => !box.hold(topic, message));
      default:
        return [...messages];
    }
  }

  #delay(peer: SocketPeer): number {
    let delayMs = 0;
    for (const fault of this.#list.matching(SLOW, peer.venue, peer.path)) {
      const { spec } = fault;
      if (spec.target === 'rest' || !this.#list.strikes(fault)) continue;
      this.#list.record(fault.id, 'slow', { venue: peer.venue, path: peer.path, peer: peer.id });
      delayMs += spec.delayMs ?? 0;
    }
    return delayMs;
  }

  #actOnConnections(id: number, spec: FaultSpec, act: Act): number {
    const matching = [...this.#host.peers()].filter(
      (peer) => peer.live && (spec.venue ?? peer.venue) === peer.venue && peer.path.includes(spec.path ?? ''),
    );
    const hit = spec.connections === 'one' && matching.length > 0 ? [this.#host.random.pick(matching)] : matching;
    for (const peer of hit) {
      act(peer, spec, this.#outbox(peer), this.#host.clock);
      this.#list.record(id, spec.kind, { venue: peer.venue, path: peer.path, peer: peer.id });
    }
    return hit.length;
  }

  #startMaintenance(id: number, spec: FaultSpec): number {
    this.#host.announceShutdown(spec.venue);
    return this.#actOnConnections(id, { ...spec, connections: 'all' }, (peer) => peer.close(spec.code ?? 1001, 'maintenance'));
  }

  #expireKeys(id: number, { venue }: FaultSpec): number {
    const affected = this.#host.expireKeys(venue);
    if (affected > 0) this.#list.record(id, 'key-expiry', { venue: venue ?? '*', path: '' });
    return affected;
  }

  #outbox(peer: SocketPeer): Outbox {
    let box = this.#outboxes.get(peer);
    if (!box) {
      box = new Outbox(this.#host.clock);
      this.#outboxes.set(peer, box);
    }
    return box;
  }
}
