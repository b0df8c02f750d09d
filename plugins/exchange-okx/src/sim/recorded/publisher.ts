import type { SpeedEvent } from '@speed-protocol/core';
import { Hub, RecordedBook } from '@speed-protocol/simulator';
import { channelOf, type Door } from '../streams/channels.js';
import { type Argument, labelOf, nameOf, type Subscriber, textOf } from '../streams/publisher.js';
import { RECORDED_CHANNELS } from './frames.js';
import { subjectsOf } from './names.js';

interface Stream {
  readonly name: string;
  readonly argument: Argument;
  readonly match: RegExpExecArray;
  readonly row: (typeof RECORDED_CHANNELS)[number];
}

/** Who listens to which recorded channel. Channels that no recording fills are taken and stay silent. */
export class RecordedPublisher {
  readonly #books = new Map<string, RecordedBook>();
  /** By what their arguments name. */
  readonly #streams = new Map<string, Map<string, Stream>>();
  readonly #hub: Hub<Subscriber>;

  constructor() {
    this.#hub = new Hub(
      () => {},
      (name) => {
        for (const streams of this.#streams.values()) streams.delete(name);
      },
    );
  }

  get streams(): number {
    return this.#hub.channels.length;
  }

  /** The book of an instrument, as far as it has been played. */
  book(venueSymbol: string): RecordedBook {
    const known = this.#books.get(venueSymbol) ?? new RecordedBook();
    this.#books.set(venueSymbol, known);
    return known;
  }

  /** @returns false when there is no such channel behind this door */
  add(argument: Argument, door: Door, subscriber: Subscriber, acknowledge: () => void): boolean {
    const subject = argument.instId ?? argument.instType;
    const found = channelOf(argument.channel);
    if (!found || found[0].door !== door || subject === undefined) return false;
    const name = nameOf(argument);
    const stream = this.#begin(name, argument, subject);
    acknowledge();
    const first = stream?.row.first?.(subject, this.book(subject));
    if (first) subscriber.send(textOf(argument, first), labelOf(name));
    this.#hub.add(name, subscriber);
    return true;
  }

  remove(argument: Argument, subscriber: Subscriber): void {
    this.#hub.remove(nameOf(argument), subscriber);
  }

  /** @returns messages sent */
  publish(event: SpeedEvent): number {
    const book = this.book(event.venueSymbol);
    if (event.type === 'depth') book.apply(event);
    let sent = 0;
    for (const subject of new Set(subjectsOf(event.venueSymbol))) {
      for (const stream of this.#streams.get(subject)?.values() ?? []) sent += this.#say(stream, event, book);
    }
    return sent;
  }

  #say({ name, argument, match, row }: Stream, event: SpeedEvent, book: RecordedBook): number {
    const said = row.say(event, { book, match });
    if (!said) return 0;
    const text = textOf(argument, said);
    let sent = 0;
    for (const subscriber of this.#hub.of(name)) {
      subscriber.send(text, labelOf(name));
      sent++;
    }
    return sent;
  }

  #begin(name: string, argument: Argument, subject: string): Stream | undefined {
    const streams = this.#streams.get(subject) ?? new Map<string, Stream>();
    this.#streams.set(subject, streams);
    const known = streams.get(name);
    if (known) return known;
    for (const row of RECORDED_CHANNELS) {
      const match = row.pattern.exec(argument.channel);
      if (!match) continue;
      const made = { name, argument, match, row };
      streams.set(name, made);
      return made;
    }
    return undefined;
  }
}
