import type { AccountEvent, NormalizedFrame, SpeedEvent } from '@speed-protocol/core';

/** What a run of frames contained. */
export class Tally {
  lines = 0;
  errors = 0;
  events = 0;
  readonly frames = { events: 0, private: 0, control: 0, outgoing: 0, instruments: 0, unknown: 0 };
  readonly byType = new Map<SpeedEvent['type'] | AccountEvent['type'], number>();
  readonly unknownTopics = new Map<string, number>();

  add(frame: NormalizedFrame): void {
    this.frames[frame.outcome]++;
    if (frame.outcome === 'unknown') increment(this.unknownTopics, frame.topic);
    if (frame.outcome !== 'events' && frame.outcome !== 'private') return;
    this.events += frame.events.length;
    for (const event of frame.events) increment(this.byType, event.type);
  }

  toJSON(): object {
    const { lines, errors, events, frames } = this;
    return { lines, errors, events, frames, byType: sorted(this.byType), unknownTopics: sorted(this.unknownTopics) };
  }
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}
