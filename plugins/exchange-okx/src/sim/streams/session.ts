import type { Peer, PeerHandler, VirtualClock } from '@speed-protocol/simulator';
import { PrivateSession } from '../private/session.js';
import type { Login } from '../trading/authenticate.js';
import type { Fields } from '../trading/orders.js';
import { VenueError } from '../venue-error.js';
import type { Door } from './channels.js';
import type { Argument, Channels, Subscriber } from './publisher.js';

const HOUR = 3_600_000;
/** A connection on which neither side says anything for this long is closed. */
const IDLE_MS = 30_000;
/** Requests to subscribe, unsubscribe and log in, per hour. */
const REQUESTS_PER_HOUR = 480;
/** Channels for accounts of a higher level. */
const PRIVILEGED = new Set(['books-l2-tbt', 'books50-l2-tbt']);

export interface SessionOptions {
  readonly publisher: Channels;
  readonly own: PrivateSession;
  readonly clock: VirtualClock;
  /** `any` takes the traffic of all doors: clients with one address for everything. */
  readonly door: Door | 'any';
  readonly idleMs?: number | undefined;
}

interface Request {
  readonly id?: unknown;
  readonly op?: unknown;
  readonly args?: unknown;
  readonly expTime?: string;
}

/** One client's connection. */
export class StreamSession implements Subscriber, PeerHandler {
  readonly #peer: Peer;
  readonly #options: SessionOptions;
  readonly #connId: string;
  readonly #arguments = new Map<string, Argument>();
  readonly #requests: number[] = [];
  #heardAt: number;
  #cancelIdle: () => void = () => {};

  constructor(peer: Peer, options: SessionOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#connId = peer.id.toString(16).padStart(8, '0');
    this.#heardAt = options.clock.now();
    this.#awaitIdle();
  }

  send(text: string, topic: string): void {
    this.#heardAt = this.#options.clock.now();
    this.#peer.send(text, topic);
  }

  onMessage(text: string): void {
    this.#heardAt = this.#options.clock.now();
    if (text === 'ping') return void this.#peer.send('pong');
    const request = parse(text);
    if (!request || !Array.isArray(request.args)) return void this.#refuse('60012', `Invalid request: ${text}`, request?.id);
    if (this.#isTooMuch()) return void this.#refuse('60014', 'Requests too frequent', request.id);
    switch (request.op) {
      case 'subscribe':
        for (const argument of request.args) this.#subscribe(argument as Argument, request.id);
        return;
      case 'unsubscribe':
        for (const argument of request.args) this.#unsubscribe(argument as Argument, request.id);
        return;
      case 'login':
        return void this.#logIn(request.args[0] as Login, request.id);
      default:
        if (PrivateSession.carriesOut(request.op) && request.id !== undefined) {
          return void this.#options.own.carryOut(request.op, request.args as Fields[], String(request.id), request.expTime);
        }
        return void this.#refuse('60012', `Invalid request: ${text}`, request.id);
    }
  }

  onPing(): void {
    this.#heardAt = this.#options.clock.now();
  }

  onClose(): void {
    this.#cancelIdle();
    this.#options.own.close();
    for (const argument of this.#arguments.values()) this.#options.publisher.remove(argument, this);
    this.#arguments.clear();
  }

  /** Says that the connection will be closed soon, as before an upgrade. */
  announceShutdown(): void {
    const msg = 'The connection will soon be closed for a service upgrade. Please reconnect.';
    this.#peer.send(JSON.stringify({ event: 'notice', code: '64008', msg, connId: this.#connId }));
  }

  /** Whether somebody has logged in here. */
  get isLoggedIn(): boolean {
    return this.#options.own.account !== undefined;
  }

  terminate(): void {
    this.#peer.terminate();
  }

  #logIn(login: Login, id: unknown): void {
    this.#guarded(id, () => {
      this.#options.own.logIn(login);
      this.#say({ event: 'login', code: '0', msg: '' }, id);
    });
  }

  #guarded(id: unknown, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#refuse(error.code, error.message, id);
    }
  }

  #subscribe(argument: Argument, id: unknown): void {
    const key = JSON.stringify(argument);
    if (typeof argument?.channel !== 'string') return void this.#refuse('60012', `Invalid request: ${key}`, id);
    if (PRIVILEGED.has(argument.channel))
      return void this.#refuse('64003', 'Your trading fee tier does not meet the requirement.', id);
    const acknowledge = () => this.#say({ event: 'subscribe', arg: argument }, id);
    if (this.#options.door === 'any' && PrivateSession.serves(argument.channel)) {
      return void this.#guarded(id, () => this.#options.own.subscribe(argument, acknowledge));
    }
    if (this.#arguments.has(key)) return void acknowledge();
    const doors: readonly Door[] = this.#options.door === 'any' ? ['public', 'business'] : [this.#options.door];
    if (!doors.some((door) => this.#options.publisher.add(argument, door, this, acknowledge)))
      return void this.#refuseChannel(argument, id);
    this.#arguments.set(key, argument);
  }

  #unsubscribe(argument: Argument, id: unknown): void {
    const key = JSON.stringify(argument);
    if (this.#arguments.delete(key)) this.#options.publisher.remove(argument, this);
    this.#options.own.unsubscribe(argument);
    this.#say({ event: 'unsubscribe', arg: argument }, id);
  }

  #refuseChannel(argument: Argument, id: unknown): void {
    const named = Object.entries(argument).map(([name, value]) => `${name}:${value}`);
    const advice = 'Please use the correct URL, channel and parameters referring to API document.';
    this.#refuse('60018', `Wrong URL or ${named.join(',')} doesn't exist. ${advice}`, id);
  }

  #refuse(code: string, msg: string, id: unknown): void {
    this.#say({ event: 'error', code, msg }, id);
  }

  /** Answers carry the id of the request, where it had one. */
  #say(answer: object, id: unknown): void {
    const named = typeof id === 'string' || typeof id === 'number' ? { id: String(id) } : {};
    this.#peer.send(JSON.stringify({ ...named, ...answer, connId: this.#connId }));
  }

  #isTooMuch(): boolean {
    const now = this.#options.clock.now();
    while (this.#requests.length > 0 && this.#requests[0]! <= now - HOUR) this.#requests.shift();
    return this.#requests.push(now) > REQUESTS_PER_HOUR;
  }

  #awaitIdle(): void {
    const { clock, idleMs = IDLE_MS } = this.#options;
    const left = this.#heardAt + idleMs - clock.now();
    if (left <= 0) return void this.#peer.close(4004, 'No data received in 30s.');
    this.#cancelIdle = clock.schedule(left, () => this.#awaitIdle());
  }
}

function parse(text: string): Request | undefined {
  try {
    const request: unknown = JSON.parse(text);
    return typeof request === 'object' && request !== null ? request : undefined;
  } catch {
    return undefined;
  }
}
