import type { GapReason, SpeedError } from '@speed-protocol/core';
import type { Route, Session, Topic } from '../session/index.js';

/**
 * One subscription at the venue that carries events of several instruments (all liquidations of a product, an index that
 * several contracts follow): each instrument's own topic is a member, and hears every frame.
 */
export class SharedTopic implements Topic {
  readonly members = new Set<Topic>();
  readonly key: string;
  readonly parts: readonly string[];
  private readonly routes = new Set<SharedRoute>();

  /** @param key the venue's name for it @param first the member that wants it first, which says the rest */
  constructor(key: string, first: Topic) {
    this.key = key;
    this.parts = first.parts;
  }

  join(member: Topic): void {
    this.members.add(member);
    for (const route of this.routes) {
      const own = route.add(member);
      if (route.acknowledged) member.acknowledged(own);
    }
  }

  leave(member: Topic): void {
    this.members.delete(member);
    for (const route of this.routes) route.own.delete(member);
  }

  attach(): Route {
    const route = new SharedRoute();
    for (const member of this.members) route.add(member);
    this.routes.add(route);
    return route;
  }

  acknowledged(route: Route): void {
    const shared = route as SharedRoute;
    shared.acknowledged = true;
    for (const [member, own] of [...shared.own]) member.acknowledged(own);
  }

  detached(route: Route, reason: GapReason): void {
    this.routes.delete(route as SharedRoute);
    for (const [member, own] of [...(route as SharedRoute).own]) member.detached(own, reason);
  }

  refused(error: SpeedError): void {
    for (const member of [...this.members]) member.refused(error);
  }

  unreachable(error: SpeedError): void {
    for (const member of this.members) member.unreachable(error);
  }

  isHeard(route: Route): boolean {
    return [...(route as SharedRoute).own].every(([member, own]) => member.isHeard(own));
  }

  takeOver(route: Route): void {
    for (const [member, own] of (route as SharedRoute).own) if (!member.isHeard(own)) member.takeOver(own);
  }
}

/** The routes of all members on one connection. */
class SharedRoute implements Route {
  lastAt = 0;
  acknowledged = false;
  readonly own = new Map<Topic, Route>();

  add(member: Topic): Route {
    const route = member.attach();
    this.own.set(member, route);
    return route;
  }

  receive(length: number, receivedAt: number): boolean {
    this.lastAt = receivedAt;
    let taken = true;
    for (const route of this.own.values()) if (route.receive(length, receivedAt) === false) taken = false;
    return taken;
  }

  refused(): void {
    for (const route of this.own.values()) route.refused?.();
  }
}

/** The shared topics of one session, as a session for their members. */
export class SharedTopics implements Pick<Session, 'add' | 'remove' | 'renew'> {
  private readonly topics = new Map<string, SharedTopic>();

  /** @param keyOf the venue's name for what a member belongs to */
  constructor(
    private readonly session: Session,
    private readonly keyOf: (member: Topic) => string,
  ) {}

  add(member: Topic): void {
    const key = this.keyOf(member);
    const known = this.topics.get(key);
    const topic = known ?? new SharedTopic(key, member);
    topic.join(member);
    if (known) return;
    this.topics.set(key, topic);
    this.session.add(topic);
  }

  remove(member: Topic): void {
    const key = this.keyOf(member);
    const topic = this.topics.get(key);
    topic?.leave(member);
    if (!topic || topic.members.size > 0) return;
    this.topics.delete(key);
    this.session.remove(topic);
  }

  renew(member: Topic): void {
    const topic = this.topics.get(this.keyOf(member));
    if (topic) this.session.renew(topic);
  }
}
