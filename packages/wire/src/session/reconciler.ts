import type { SpeedError } from '@speed-protocol/core';
import type { Link } from './link.js';
import type { SocketSpec } from './spec.js';
import type { Route, Topic } from './topic.js';

/** What the venue is believed to hold for one topic on one connection. */
interface Holding {
  readonly topic: Topic;
  route: Route;
  state: 'asked' | 'held' | 'leaving';
  askedAt: number;
}

interface Request {
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly keys: Set<string>;
  readonly deadline: number;
}

export interface ReconcilerHost {
  /** The venue refused this topic for good: it must leave the desired state. */
  refused(topic: Topic, error: SpeedError): void;
  /** Several requests in a row got no answer: this connection is no good. */
  hopeless(reason: string): void;
  warn(fields: object, message: string): void;
}

const ATTEMPTS = 3;
let requestIds = 0;

/**
 * Brings what the venue holds on one connection to the desired state, message by message. A request without an answer
 * is repeated and reported; a refused batch is repeated topic by topic, so that one bad topic hurts no other.
 */
export class Reconciler {
  private readonly holdings = new Map<string, Holding>();
  private readonly requests = new Map<string, Request>();
  /** Topics to be asked for one by one, because a batch with them was refused. */
  private readonly suspects = new Set<string>();
  private unanswered = 0;

  constructor(
    private readonly spec: SocketSpec,
    private readonly link: Link,
    private readonly desired: ReadonlyMap<string, Topic>,
    private readonly ackTimeoutMs: number,
    private readonly host: ReconcilerHost,
  ) {}

  /** The next message that brings the venue nearer to the desired state; `undefined` when there is none. */
  next(now: number): string | undefined {
    return this.leave(now) ?? this.join(now);
  }

  /** True when every desired topic is held and nothing else is. */
  get settled(): boolean {
    if (this.holdings.size !== this.desired.size) return false;
    for (const { state } of this.holdings.values()) if (state !== 'held') return false;
    return true;
  }

  /** Routes of the held topics. */
  *held(): Iterable<readonly [Topic, Route]> {
    for (const { topic, route, state } of this.holdings.values()) if (state === 'held') yield [topic, route];
  }

  acknowledge(id: string | undefined, key: string | undefined): void {
    this.unanswered = 0;
    for (const [requestId, request] of this.matching(id, key)) {
      for (const topicKey of key === undefined ? [...request.keys] : [key]) this.confirm(request, topicKey);
      if (request.keys.size === 0) this.requests.delete(requestId);
    }
  }

  refuse(id: string | undefined, key: string | undefined, error: SpeedError): void {
    this.unanswered = 0;
    for (const [requestId, request] of this.matching(id, key)) {
      const keys = key === undefined ? [...request.keys] : [key];
      for (const topicKey of keys) request.keys.delete(topicKey);
      if (request.keys.size === 0) this.requests.delete(requestId);
      if (request.kind === 'unsubscribe') for (const topicKey of keys) this.forget(topicKey);
      else if (keys.length > 1) for (const topicKey of keys) this.askAgain(topicKey, 'alone');
      else this.reject(keys[0], error);
    }
  }

  /** Repeats what got no answer in time. */
  expire(now: number): void {
    for (const [id, request] of this.requests) {
      if (now < request.deadline) continue;
      this.requests.delete(id);
      this.overdue(request);
    }
  }

  /** Drops the venue's subscription and makes a new one. */
  renew(key: string): void {
    const holding = this.holdings.get(key);
    if (holding?.state !== 'held') return;
    this.drop(holding, 'stale');
  }

  /** The connection is gone, and every subscription with it. */
  lose(): void {
    for (const { topic, route, state } of this.holdings.values()) {
      if (state !== 'leaving') topic.detached(route, 'disconnect');
    }
    this.holdings.clear();
    this.requests.clear();
  }

  private leave(now: number): string | undefined {
    const topics: Topic[] = [];
    for (const holding of this.holdings.values()) {
      const unwanted = this.desired.get(holding.topic.key) !== holding.topic;
      if (holding.state === 'leaving' ? holding.askedAt > 0 : !unwanted || holding.state === 'asked') continue;
      if (holding.state === 'held') this.drop(holding, 'disconnect');
      holding.askedAt = now;
      if (topics.push(holding.topic) === this.spec.limits.topicsPerMessage) break;
    }
    return topics.length === 0 ? undefined : this.request('unsubscribe', topics, now);
  }

  private join(now: number): string | undefined {
    const topics: Topic[] = [];
    for (const topic of this.desired.values()) {
      if (this.holdings.has(topic.key)) continue;
      const alone = this.suspects.has(topic.key);
      if (alone && topics.length > 0) continue;
      this.ask(topic, now);
      if (topics.push(topic) === this.spec.limits.topicsPerMessage || alone) break;
    }
    return topics.length === 0 ? undefined : this.request('subscribe', topics, now);
  }

  /** The route is in place before the request leaves: data may overtake the acknowledgement. */
  private ask(topic: Topic, now: number): void {
    const route = topic.attach();
    route.lastAt = now;
    this.holdings.set(topic.key, { topic, route, state: 'asked', askedAt: now });
    this.link.table.set(topic.parts, route);
  }

  private request(kind: Request['kind'], topics: readonly Topic[], now: number): string {
    const id = ++requestIds;
    const keys = new Set(topics.map((topic) => topic.key));
    this.requests.set(String(id), { kind, keys, deadline: now + this.ackTimeoutMs });
    return this.spec.commands[kind](topics, id);
  }

  private *matching(id: string | undefined, key: string | undefined): Iterable<readonly [string, Request]> {
    for (const entry of [...this.requests]) {
      if (id !== undefined ? entry[0] === id : entry[1].keys.has(key as string)) yield entry;
    }
  }

  private confirm(request: Request, key: string): void {
    request.keys.delete(key);
    if (request.kind === 'unsubscribe') {
      this.forget(key);
      return;
    }
    const holding = this.holdings.get(key);
    if (holding?.state !== 'asked') return;
    this.suspects.delete(key);
    holding.state = 'held';
    holding.topic.acknowledged(holding.route);
  }

  private overdue(request: Request): void {
    const { kind, keys } = request;
    this.host.warn({ kind, topics: [...keys] }, 'no acknowledgement in time, asking again');
    for (const key of keys) {
      const holding = this.holdings.get(key);
      if (!holding) continue;
      if (kind === 'unsubscribe') holding.askedAt = 0;
      else if (holding.route.lastAt > holding.askedAt) this.confirm(request, key);
      else this.askAgain(key);
    }
    if (++this.unanswered >= ATTEMPTS) this.host.hopeless(`${ATTEMPTS} requests in a row got no answer`);
  }

  /** Takes the topic back to "not held", to be asked for again. */
  private askAgain(key: string, how?: 'alone'): void {
    const holding = this.holdings.get(key);
    if (!holding) return;
    if (how === 'alone') this.suspects.add(key);
    this.holdings.delete(key);
    this.link.table.delete(holding.topic.parts);
    holding.topic.detached(holding.route, 'disconnect');
  }

  private reject(key: string | undefined, error: SpeedError): void {
    const holding = key === undefined ? undefined : this.holdings.get(key);
    if (!holding) return;
    this.holdings.delete(holding.topic.key);
    this.suspects.delete(holding.topic.key);
    this.link.table.delete(holding.topic.parts);
    this.host.refused(holding.topic, error);
  }

  private drop(holding: Holding, reason: 'stale' | 'disconnect'): void {
    holding.state = 'leaving';
    holding.askedAt = 0;
    this.link.table.delete(holding.topic.parts);
    holding.topic.detached(holding.route, reason);
  }

  private forget(key: string): void {
    this.holdings.delete(key);
  }
}
