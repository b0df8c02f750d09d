import type { Peer, PeerHandler, VirtualClock } from '@speed-protocol/simulator';
import type { Publisher, Subscriber } from './publisher.js';

/** Nothing said by either side for this long ends a connection; clients may ask for another span by `max_active_time`. */
const IDLE_MS = 600_000;
/** Topics of one connection together. */
const MAX_TOPIC_CHARACTERS = 21_000;
/** In one request on the spot address. */
const SPOT_ARGUMENTS = 10;

export interface Request {
  readonly req_id?: unknown;
  readonly op?: unknown;
  readonly args?: unknown;
}

/** What all connections have in common: requests with ids, pings, and an end when nobody says anything. */
export abstract class Session implements PeerHandler {
  protected readonly connId: string;
  #heardAt: number;
  #cancelIdle: () => void = () => {};

  constructor(
    protected readonly peer: Peer,
    private readonly clock: VirtualClock,
  ) {
    this.connId = `sim-${peer.id.toString(16).padStart(8, '0')}`;
    this.#heardAt = clock.now();
    this.#awaitIdle(idleMs(peer));
  }

  /** Whether somebody has logged in here. */
  get isLoggedIn(): boolean {
    return false;
  }

  protected abstract serve(request: Request): void;

  onMessage(text: string): void {
    this.#heardAt = this.clock.now();
    this.serve(parse(text) ?? {});
  }

  onPing(): void {
    this.#heardAt = this.clock.now();
  }

  onClose(): void {
    this.#cancelIdle();
  }

  terminate(): void {
    this.peer.terminate();
  }

  send(text: string, topic?: string): void {
    this.#heardAt = this.clock.now();
    this.peer.send(text, topic);
  }

  protected say(answer: object): void {
    this.send(JSON.stringify(answer));
  }

  #awaitIdle(idle: number): void {
    const left = this.#heardAt + idle - this.clock.now();
    if (left <= 0) return void this.peer.close(1000, 'idle');
    this.#cancelIdle = this.clock.schedule(left, () => this.#awaitIdle(idle));
  }
}

/** The connection of one client to market data of one product. */
export class MarketSession extends Session implements Subscriber {
  readonly #topics = new Set<string>();

  constructor(
    peer: Peer,
    clock: VirtualClock,
    private readonly publisher: Publisher,
    private readonly category: string,
  ) {
    super(peer, clock);
  }

  protected serve({ op, args, req_id }: Request): void {
    const topics = Array.isArray(args) ? args.map(String) : [];
    if (op === 'ping') return void this.#answer('ping', req_id, 'pong');
    if (op === 'subscribe') return void this.#subscribe(topics, req_id);
    if (op === 'unsubscribe') return void this.#unsubscribe(topics, req_id);
    this.#refuse(op, req_id, `error:unknown operation ${String(op)}`);
  }

  override onClose(): void {
    super.onClose();
    for (const topic of this.#topics) this.publisher.remove(this.category, topic, this);
    this.#topics.clear();
  }

  /** One topic that is none takes all of its request with it. */
  #subscribe(topics: readonly string[], id: unknown): void {
    const why = this.#refusal(topics);
    if (why !== undefined) return void this.#refuse('subscribe', id, why);
    this.#answer('subscribe', id, '');
    for (const topic of topics) {
      if (this.#topics.has(topic)) continue;
      this.#topics.add(topic);
      this.publisher.add(this.category, topic, this);
    }
  }

  #refusal(topics: readonly string[]): string | undefined {
    if (topics.length === 0) return 'error:no args';
    if (this.category === 'spot' && topics.length > SPOT_ARGUMENTS) return `args size >${SPOT_ARGUMENTS}`;
    const unknown = topics.find((topic) => !this.publisher.has(this.category, topic));
    if (unknown !== undefined) return `error:handler not found,topic:${unknown}`;
    const characters = [...this.#topics, ...topics].reduce((sum, topic) => sum + topic.length, 0);
    return characters > MAX_TOPIC_CHARACTERS ? 'error:args size exceeded' : undefined;
  }

  #unsubscribe(topics: readonly string[], id: unknown): void {
    for (const topic of topics) if (this.#topics.delete(topic)) this.publisher.remove(this.category, topic, this);
    this.#answer('unsubscribe', id, '');
  }

  #answer(op: string, id: unknown, message: string): void {
    this.say({ success: true, ret_msg: message, conn_id: this.connId, ...named(id), op });
  }

  #refuse(op: unknown, id: unknown, message: string): void {
    this.say({ success: false, ret_msg: message, conn_id: this.connId, ...named(id), op: String(op) });
  }
}

/** Ids come back as text. */
export function named(id: unknown): { readonly req_id?: string } {
  return id === undefined ? {} : { req_id: String(id) };
}

/** `?max_active_time=30s`, of private and trade addresses. */
function idleMs({ query }: Peer): number {
  const seconds = /^(\d+)s$/.exec(query.get('max_active_time') ?? '')?.[1];
  return seconds === undefined ? IDLE_MS : Math.min(IDLE_MS, Math.max(30_000, 1000 * Number(seconds)));
}

function parse(text: string): Request | undefined {
  try {
    const request: unknown = JSON.parse(text);
    return typeof request === 'object' && request !== null ? request : undefined;
  } catch {
    return undefined;
  }
}
