import type { GapReason, SpeedError } from '@speed-protocol/core';
import { compile, frame, int, type Route, skip, type Topic } from '../../src/index.js';

const decoder = compile(frame({ topic: skip(), n: int() }));

/** A topic that writes down everything that happens to it. */
export class RecordingTopic implements Topic {
  readonly parts: readonly string[];
  readonly log: string[] = [];
  readonly numbers: number[] = [];
  readonly receivedAt: number[] = [];
  probe?: (route: Route) => Promise<'quiet' | 'moved'>;
  private heard: Route | undefined;
  private routes = 0;

  constructor(
    readonly key: string,
    readonly staleAfterMs?: number,
  ) {
    this.parts = [key];
  }

  attach(): Route {
    this.log.push('attach');
    const name = ++this.routes;
    const route: Route = {
      lastAt: 0,
      receive: (length, receivedAt) => {
        route.lastAt = receivedAt;
        if (!decoder.decodeLoaded(length)) throw new Error(decoder.problem);
        this.receivedAt.push(receivedAt);
        this.numbers.push(decoder.fields.n);
        if (name > 1) this.heard = route;
      },
    };
    this.heard ??= route;
    return route;
  }

  acknowledged(): void {
    this.log.push('acknowledged');
  }

  detached(route: Route, reason: GapReason): void {
    if (route !== this.heard) return;
    this.log.push(`detached: ${reason}`);
    this.heard = undefined;
  }

  refused(error: SpeedError): void {
    this.log.push(`refused: ${error.message}`);
  }

  unreachable(error: SpeedError): void {
    this.log.push(`unreachable: ${error.kind}`);
  }

  isHeard(route: Route): boolean {
    return route === this.heard;
  }

  takeOver(route: Route): void {
    this.log.push('take over');
    this.heard = route;
  }
}
