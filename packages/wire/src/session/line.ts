import type { Clock, Logger, SpeedError } from '@speed-protocol/core';
import { Pulse } from './heartbeat.js';
import { Link, type LinkHost } from './link.js';
import type { SessionOptions } from './options.js';
import { Reconciler } from './reconciler.js';
import { SilenceWatch } from './silence.js';
import type { ControlFrame } from './spec.js';
import type { Route, Topic } from './topic.js';

export interface LineHost {
  readonly topics: ReadonlyMap<string, Topic>;
  lost(line: Line, reason: string): void;
  rotate(why: string): void;
  refused(topic: Topic, error: SpeedError): void;
}

/** A connection together with what is known about its subscriptions, its silences and the venue's answers. */
export class Line implements LinkHost {
  readonly link: Link;
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** True once a successor has taken over the subscribing: nothing more is asked of this one. */
  frozen = false;
  private readonly pulse: Pulse;
  private readonly silence: SilenceWatch;

  constructor(
    private readonly options: SessionOptions,
    private readonly host: LineHost,
  ) {
    this.clock = options.clock;
    this.logger = options.logger;
    this.link = new Link(options.spec, this);
    this.pulse = new Pulse(this.link, options.spec.heartbeat);
    const warn = (fields: object, message: string) => this.logger.warn({ socket: options.spec.name, ...fields }, message);
    this.reconciler = new Reconciler(options.spec, this.link, host.topics, options.timings.ackTimeoutMs, {
      refused: (topic, error) => host.refused(topic, error),
      hopeless: (reason) => this.link.cut(reason),
      warn,
    });
    this.silence = new SilenceWatch({
      renew: (topic) => {
        this.logger.warn({ socket: options.spec.name, topic: topic.key }, 'subscription is silent, renewing it');
        this.renew(topic);
      },
      replace: (topic) => host.rotate(`${topic.key} stays silent`),
      warn,
    });
  }

  /** Time passes: heartbeat, overdue answers, silent topics. */
  tick(now: number): void {
    if (!this.link.isOpen) return;
    this.pulse.tick(now);
    this.reconciler.expire(now);
    if (!this.frozen) for (const [topic, route] of this.reconciler.held()) this.silence.check(topic, route, now);
    this.link.flush();
  }

  nextMessage(_link: Link, now: number): string | undefined {
    return this.frozen ? undefined : this.reconciler.next(now);
  }

  control(_link: Link, text: string, claimed?: Route): void {
    const frame = this.readControl(text);
    if (frame) this.obey(frame);
    else claimed?.refused?.();
  }

  closed(_link: Link, reason: string): void {
    this.host.lost(this, reason);
  }

  renew(topic: Topic): void {
    this.reconciler.renew(topic.key);
    this.link.flush();
  }

  private readControl(text: string): ControlFrame | undefined {
    try {
      return this.options.spec.commands.control(text);
    } catch (error) {
      this.logger.warn({ socket: this.options.spec.name, frame: text.slice(0, 200), error }, 'frame is not readable');
      return undefined;
    }
  }

  private obey(frame: ControlFrame): void {
    if (frame.kind === 'ack') this.reconciler.acknowledge(frame.id, frame.key);
    else if (frame.kind === 'nack') this.reconciler.refuse(frame.id, frame.key, frame.error);
    else if (frame.kind === 'reply') {
      this.link.sendUrgent(frame.text);
      return;
    } else if (frame.kind === 'shutdown') {
      this.host.rotate('the venue announced a shutdown');
      return;
    }
    this.link.flush();
  }
}
