import type { Peer, PeerHandler } from '@speed-protocol/simulator';
import { KeyDoors } from '../private/key-doors.js';
import type { ListenKeys } from '../private/listen-keys.js';
import type { Product } from '../products.js';
import { Control } from './control.js';
import { Heartbeat, type HeartbeatOptions } from './heartbeat.js';
import { type Publisher, roomOf, type Subscriber } from './publisher.js';

/** Streams per connection. */
const MAX_STREAMS = 1024;
const LISTEN_KEY = /^[A-Za-z0-9]{64}$/;

export interface SessionOptions {
  readonly product: Product;
  readonly publisher: Pick<Publisher, 'add' | 'remove'>;
  /** Keys of user-data streams, where they are heard here. */
  readonly listenKeys?: ListenKeys | undefined;
  readonly heartbeat: HeartbeatOptions;
}

/** The door that a connection came through. */
const ROOMS = ['public', 'market', 'private'] as const;
type Door = (typeof ROOMS)[number] | 'any';

/** One client's market-data connection. */
export class StreamSession implements Subscriber, PeerHandler {
  combined: boolean;
  readonly streams = new Set<string>();
  readonly #peer: Peer;
  readonly #options: SessionOptions;
  readonly #door: Door;
  readonly #keys: KeyDoors | undefined;
  readonly #control: Control;
  readonly #heartbeat: Heartbeat;

  constructor(peer: Peer, options: SessionOptions) {
    this.#peer = peer;
    this.#options = options;
    this.#door = doorOf(peer.path, options.product);
    const { combined, streams } = streamsOf(peer);
    this.combined = combined;
    const heard = options.listenKeys && (this.#door === 'any' || this.#door === 'private');
    this.#keys = heard ? new KeyDoors(options.listenKeys, peer, this) : undefined;
    this.#control = new Control(this);
    this.#subscribeAtOnce(streams);
    this.#heartbeat = new Heartbeat(peer, options.heartbeat);
  }

  send(text: string, topic: string): void {
    this.#peer.send(text, topic);
  }

  /** @returns false when there would be too many */
  subscribe(names: readonly string[]): boolean {
    if (new Set([...this.streams, ...names]).size > MAX_STREAMS) return false;
    for (const name of names) {
      if (this.streams.has(name)) continue;
      this.streams.add(name);
      this.#keys?.open(name);
      if (this.#opens(name)) this.#options.publisher.add(name, this);
    }
    return true;
  }

  unsubscribe(names: readonly string[]): void {
    for (const name of names) {
      this.streams.delete(name);
      this.#keys?.close(name);
      this.#options.publisher.remove(name, this);
    }
  }

  onMessage(text: string): void {
    if (this.#heartbeat.overRate()) return;
    const reply = this.#control.handle(text);
    if (reply === undefined) return void this.#peer.close(1008, 'Too many streams');
    this.#peer.send(reply);
  }

  onPing(): void {
    this.#heartbeat.overRate();
  }

  onPong(): void {
    this.#heartbeat.onPong();
  }

  onClose(): void {
    this.#heartbeat.stop();
    this.unsubscribe([...this.streams]);
  }

  /** Says goodbye, as spot does before maintenance. */
  announceShutdown(): void {
    const event = { e: 'serverShutdown', E: Math.floor(this.#options.heartbeat.clock.now()) };
    this.#peer.send(JSON.stringify(this.combined ? { stream: '!serverShutdown', data: event } : event), '!serverShutdown');
  }

  /** USD-M serves a stream only behind its own door; elsewhere it is taken and stays silent. */
  #opens(name: string): boolean {
    if (this.#door === 'any') return true;
    return roomOf(name, this.#options.product) === this.#door;
  }

  #subscribeAtOnce(streams: readonly string[]): void {
    if (!this.subscribe(streams)) this.#peer.close(1008, 'Too many streams');
  }
}

/** The room named last before `ws` or `stream`: clients append theirs to whatever base they were given. */
function doorOf(path: string, product: Product): Door {
  if (!product.rooms) return 'any';
  const segments = path.split('/');
  const before = segments.slice(
    0,
    segments.findIndex((segment) => segment === 'ws' || segment === 'stream'),
  );
  return before.findLast(isRoom) ?? 'public';
}

function isRoom(segment: string): segment is (typeof ROOMS)[number] {
  return (ROOMS as readonly string[]).includes(segment);
}

/**
 * What the URL asks for: `/ws/<a>/<b>` raw, `/stream?streams=a/b` combined. Connection numbers such as `/ws/3` are no
 * streams. Below `/stream/` all is raw: there lies the base of clients that take a socket for spot by that word.
 */
function streamsOf({ path, query }: Peer): { combined: boolean; streams: string[] } {
  const key = query.get('listenKey');
  const keys = key === null ? [] : [key];
  if (path.endsWith('/stream')) return { combined: true, streams: [...keys, ...names(query.get('streams') ?? '')] };
  return { combined: false, streams: [...keys, ...names(/\/(?:ws|stream)\/(.*)$/.exec(path)?.[1])] };
}

function names(text: string | undefined): string[] {
  return (text ?? '')
    .split('/')
    .map(decode)
    .filter((name) => name.includes('@') || name.startsWith('!') || LISTEN_KEY.test(name));
}

/** Percent-decoded, or as it is when that is impossible. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
