import type { Link } from './link.js';
import type { Heartbeat } from './spec.js';

let pings = 0;

/** Asks a connection for proof of life when it is due, and cuts it when none comes. */
export class Pulse {
  private pingedAt = 0;
  /** What had come in when we asked; undefined when we wait for nothing. */
  private inboundBefore: number | undefined;

  constructor(
    private readonly link: Link,
    private readonly heartbeat: Heartbeat,
  ) {}

  tick(now: number): void {
    const { link, heartbeat } = this;
    if (link.inbound !== this.inboundBefore) this.inboundBefore = undefined;
    if (this.inboundBefore === undefined) this.ask(now);
    else if (now - this.pingedAt >= heartbeat.timeoutMs) {
      link.cut(`nothing arrived for ${Math.round(now - link.lastInboundAt)} ms`);
    }
  }

  private ask(now: number): void {
    const { link, heartbeat } = this;
    const since = heartbeat.when === 'idle' ? link.lastInboundAt : Math.max(this.pingedAt, link.openedAt);
    if (now - since < heartbeat.everyMs) return;
    if (heartbeat.message) link.sendUrgent(heartbeat.message(++pings));
    else if (!link.ping()) return;
    this.pingedAt = now;
    this.inboundBefore = link.inbound;
  }
}
