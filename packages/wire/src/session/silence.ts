import type { Route, Topic } from './topic.js';

/** A quiet market is asked about less and less often. */
const LONGEST_QUIET = 32;

interface Watch {
  stage: 'listening' | 'probing' | 'renewed';
  /** Multiplies the topic's patience while probes keep saying "quiet". */
  patience: number;
  since: number;
}

export interface SilenceHost {
  /** Drop the subscription and make a new one. */
  renew(topic: Topic): void;
  /** A renewed subscription is silent too: replace the connection. */
  replace(topic: Topic): void;
  /** The probe's promise fell away for this reason. */
  warn(fields: object, message: string): void;
}

/**
 * Watches each subscription of one connection for silence: first ask whether the venue has news (probe), then renew the
 * subscription, then replace the connection. A quiet market costs one probe now and then and nothing else.
 */
export class SilenceWatch {
  private readonly watches = new WeakMap<Route, Watch>();
  /** Topics renewed on this connection that have not spoken since. */
  private readonly renewed = new Set<string>();

  constructor(private readonly host: SilenceHost) {}

  check(topic: Topic, route: Route, now: number): void {
    if (topic.staleAfterMs === undefined) return;
    const watch = this.watchOf(route);
    if (route.lastAt > watch.since) {
      watch.since = route.lastAt;
      watch.patience = 1;
      this.renewed.delete(topic.key);
    }
    if (watch.stage === 'probing' || now - watch.since < topic.staleAfterMs * watch.patience) return;
    void this.investigate(topic, route, watch, now);
  }

  private async investigate(topic: Topic, route: Route, watch: Watch, now: number): Promise<void> {
    watch.stage = 'probing';
    const verdict = topic.probe ? await topic.probe(route).catch((error) => this.unproven(topic, error)) : 'moved';
    watch.stage = 'listening';
    if (route.lastAt > watch.since) return;
    watch.since = now;
    if (verdict === 'quiet') watch.patience = Math.min(LONGEST_QUIET, watch.patience * 2);
    else if (this.renewed.has(topic.key)) this.host.replace(topic);
    else {
      this.renewed.add(topic.key);
      this.host.renew(topic);
    }
  }

  /** No answer from REST proves nothing: act as if there were news. */
  private unproven(topic: Topic, error: unknown): 'moved' {
    this.host.warn({ topic: topic.key, error }, 'silent subscription could not be probed');
    return 'moved';
  }

  private watchOf(route: Route): Watch {
    const known = this.watches.get(route);
    if (known) return known;
    const watch: Watch = { stage: 'listening', patience: 1, since: route.lastAt };
    this.watches.set(route, watch);
    return watch;
  }
}
