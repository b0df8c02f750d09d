import { SpeedError } from '@speed-protocol/core';
import { openBook } from '../channels/book-source.js';
import type { Sink, Source } from '../channels/channel.js';
import type { CommandContext } from '../commands/context.js';
import type { Message } from './actions.js';
import type { Line } from './door.js';
import { resolveInstrument } from './resolve.js';

/** One book streamed to the client, and recorded. */
export class Orderbooks implements AsyncDisposable {
  #source: Source | undefined;
  #controller = new AbortController();
  #recorded: { readonly venue: string; readonly symbol: string } | undefined;

  constructor(
    private readonly line: Line,
    private readonly context: CommandContext,
  ) {}

  async start({ exchange, symbol = 'BTC/USDT' }: Message): Promise<void> {
    if (typeof exchange !== 'string')
      throw new SpeedError('invalid-request', '"exchange" must be a venue id, e.g. "binanceusdm"');
    await this.#end();
    const controller = new AbortController();
    this.#controller = controller;
    const instrument = await resolveInstrument(await this.context.connect(exchange), symbol);
    const persistence = await this.#record(exchange, instrument.symbol);
    this.#say({ action: 'start_orderbook', exchange, symbol: instrument.symbol, persistence });
    const { books, host, config } = this.context;
    const sink = this.#sink(exchange, instrument.symbol, controller.signal);
    const source = await openBook(books, host.clock, config.bookIntervalMs, sink, controller.signal);
    if (controller.signal.aborted) await source[Symbol.asyncDispose]();
    else this.#source = source;
  }

  async stop(): Promise<void> {
    await this.#end();
    this.#say({ action: 'stop_orderbook' });
  }

  async stopRecording(): Promise<void> {
    const recorded = this.#recorded;
    this.#recorded = undefined;
    if (!recorded) return this.#say({ status: 'error', message: 'No active persistence task found.' });
    await this.context.trading.recordings?.release(recorded.venue, recorded.symbol);
    this.#say({ status: 'stopped', action: 'stop_orderbook_persistence' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    const recorded = this.#recorded;
    this.#recorded = undefined;
    if (recorded) await this.context.trading.recordings?.release(recorded.venue, recorded.symbol);
  }

  /** What is said of the recording; that it cannot be made keeps nobody from looking. */
  async #record(venue: string, symbol: string): Promise<string> {
    const { recordings } = this.context.trading;
    if (!recordings) return 'off: this server records nothing';
    try {
      const before = this.#recorded;
      if (before?.venue === venue && before.symbol === symbol) return 'on';
      await recordings.lease(venue, symbol);
      this.#recorded = { venue, symbol };
      if (before) await recordings.release(before.venue, before.symbol);
      return 'on';
    } catch (error) {
      return `off: ${SpeedError.is(error) ? error.message : 'the recording failed'}`;
    }
  }

  #sink(exchange: string, symbol: string, signal: AbortSignal): Sink {
    const head = JSON.stringify({ action: 'orderbook', status: 'streaming', exchange, symbol }).slice(0, -1);
    const key = {};
    return {
      spec: { feed: 'book', venue: exchange, symbol },
      tail: '',
      emit: (text) => {
        if (!signal.aborted) this.line.sendState(`${head},"data":${text}}`, key);
      },
      end: (error) => {
        if (!signal.aborted) this.#say({ action: 'orderbook', status: 'error', message: error.message });
      },
    };
  }

  async #end(): Promise<void> {
    this.#controller.abort();
    const source = this.#source;
    this.#source = undefined;
    await source?.[Symbol.asyncDispose]();
  }

  #say(message: object): void {
    this.line.send(JSON.stringify(message));
  }
}
