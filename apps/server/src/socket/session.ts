import type { Duplex } from 'node:stream';
import { SpeedError } from '@speed-protocol/core';
import { type ChannelSpec, CLOSE, channelName } from '@speed-protocol/protocol';
import type { WebSocket } from 'ws';
import { type Channel, errorShape, type Subscriber } from '../channels/channel.js';
import type { ChannelHub } from '../channels/hub.js';
import type { Caller, CommandContext } from '../commands/context.js';
import { handlers } from '../commands/handlers.js';
import { type Command, readCommand, readId } from '../commands/request.js';
import type { Limits } from '../config.js';
import type { Metrics } from '../metrics.js';
import { isPrototype, type Line, PrototypeDoor } from '../prototype/door.js';
import type { User, Users } from '../trading/users.js';
import { AccountLine } from './account-line.js';
import { textFrame } from './frame.js';
import { parseHostile } from './hostile.js';
import { type Mailroom, Outbox } from './outbox.js';
import { TokenBucket } from './token-bucket.js';

/** What all sessions of a server share. */
export interface SessionContext {
  readonly commands: CommandContext;
  readonly hub: ChannelHub;
  readonly mailroom: Mailroom;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly users: Users;
  onClosed(session: Session): void;
}

/** A client that was cut has this long to read why, ms. */
const GOODBYE_MS = 3000;

/** One client. Everything that it sends is hostile until shown otherwise. */
export class Session implements Subscriber, Line {
  readonly outbox: Outbox;
  readonly #channels = new Map<string, Channel>();
  readonly #controller = new AbortController();
  readonly #bucket: TokenBucket;
  /** Who has shown a token, or needs none. */
  #user: User | undefined;
  readonly #accounts: AccountLine;
  #prototype: PrototypeDoor | undefined;
  #unauthenticatedBytes = 0;
  #badMessages = 0;
  /** Commands that are being worked on. */
  readonly #running = new Set<AbortController>();
  #alive = true;

  constructor(
    private readonly socket: WebSocket,
    stream: Duplex,
    private readonly context: SessionContext,
    user: User | undefined,
  ) {
    const { limits, mailroom } = context;
    this.#user = user;
    this.#bucket = new TokenBucket(limits.commandsPerSecond, limits.commandBurst, mailroom.now());
    this.outbox = new Outbox(stream, mailroom, () => this.cut('too-slow', CLOSE.tooSlow, tooSlow(limits)));
    this.#accounts = new AccountLine({
      streams: context.commands.trading.streams,
      now: () => mailroom.now(),
      send: (text) => this.send(text),
      onTakenOver: () => this.cut('taken-over', CLOSE.takenOver, 'another connection has resumed this session'),
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on('ping', (data: Buffer) => this.#onPing(data));
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', () => undefined); // "close" follows, and says the same
    socket.on('close', () => this.#onClose());
    if (!this.#user) this.#expectToken(limits.authMs);
  }

  get user(): User | undefined {
    return this.#user;
  }

  get subscriptions(): number {
    return this.#channels.size;
  }

  /** Looks after a client that does not read, or is not there any more. Called every `pingMs`. */
  check(now: number): void {
    const { laggingSince } = this.outbox;
    if (laggingSince !== undefined && now - laggingSince > this.context.limits.stallMs) {
      this.cut('stalled', CLOSE.tooSlow, 'nothing was read for too long');
    } else if (!this.#alive && laggingSince === undefined) {
      this.context.metrics.onCut('silent');
      this.terminate();
    } else {
      this.#alive = false;
      this.socket.ping();
    }
  }

  /** Ends the session and says why. */
  cut(reason: string, code: number, text: string): void {
    if (this.#controller.signal.aborted) return;
    this.context.metrics.onCut(reason);
    this.context.commands.host.logger.info({ reason, code, text }, 'client cut');
    this.close(code, text);
  }

  close(code: number, text: string): void {
    this.outbox.flush();
    this.#release();
    this.socket.close(code, text);
    const timer = setTimeout(() => this.socket.terminate(), GOODBYE_MS);
    this.socket.once('close', () => clearTimeout(timer));
  }

  onEnd(channel: Channel): void {
    this.#channels.delete(channel.name);
  }

  /** The session as one command sees it. @param after what to do once its reply is queued */
  #caller(after: (() => void)[], signal: AbortSignal): Caller {
    const session = this;
    return {
      get user() {
        return session.#user!;
      },
      stream: () => this.#accounts.stream(session.#user!),
      resume: (id, seq, follow) => this.#accounts.resume(session.#user!, id, seq, follow, (run) => after.push(run)),
      authenticate: (token) => this.#authenticate(token, after),
      subscribe: (spec) => this.#subscribe(spec, after, signal),
      unsubscribe: (name) => this.#unsubscribe(name),
    };
  }

  #authenticate(token: string, after: (() => void)[]): void {
    const { users } = this.context;
    const user = users.anybody ?? users.byToken(token);
    if (!user) {
      after.push(() => this.cut('unauthorized', CLOSE.unauthorized, 'wrong token'));
      throw new SpeedError('unauthorized', 'The token is wrong');
    }
    if (this.#user && this.#user !== user)
      throw new SpeedError('unauthorized', 'This connection is that of another user; open one');
    this.#user = user;
  }

  send(text: string): void {
    this.outbox.pushEvent(textFrame(text));
  }

  sendState(text: string, key: object): void {
    this.outbox.pushState(textFrame(text), key);
  }

  authenticate(token: string): void {
    const after: (() => void)[] = [];
    try {
      this.#authenticate(token, after);
    } finally {
      for (const each of after) each();
    }
  }

  async #subscribe(spec: ChannelSpec, after: (() => void)[], signal: AbortSignal): Promise<string> {
    const { hub } = this.context;
    const name = channelName(spec);
    this.#requireRoom(name);
    const channel = await hub.open(spec, signal);
    try {
      // Others may have been opened in the meantime.
      this.#requireRoom(name);
    } catch (error) {
      hub.release(channel);
      throw error;
    }
    this.#channels.set(name, channel);
    after.push(() => {
      // Unless it was unsubscribed, cut or ended in the meantime.
      if (!signal.aborted && this.#channels.get(name) === channel) channel.add(this);
      hub.release(channel);
    });
    return name;
  }

  #requireRoom(name: string): void {
    const { subscriptions } = this.context.limits;
    if (this.#channels.size < subscriptions || this.#channels.has(name)) return;
    throw new SpeedError(
      'rate-limited',
      `A client may have ${subscriptions} subscriptions; unsubscribe from some, or use another connection`,
    );
  }

  #unsubscribe(name: string): boolean {
    const channel = this.#channels.get(name);
    if (!channel) return false;
    this.#channels.delete(name);
    this.context.hub.leave(channel, this);
    return true;
  }

  #expectToken(ms: number): void {
    const timer = setTimeout(() => {
      if (!this.#user) this.cut('unauthorized', CLOSE.unauthorized, `no token within ${ms} ms`);
    }, ms);
    this.#controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (!this.#user) this.#countUnauthenticated(data.length);
    if (this.#controller.signal.aborted) return;
    let message: unknown;
    try {
      if (isBinary) throw new SpeedError('invalid-request', 'Send commands as text, not as binary messages');
      message = parseHostile(data.toString('utf8'), this.context.limits.jsonDepth);
      this.#allow();
      if (isPrototype(message)) {
        this.#prototype ??= new PrototypeDoor(this, this.context.commands);
        this.#prototype.onMessage(message);
        return;
      }
      const command = readCommand(message);
      if (!this.#user && command.name !== 'auth') throw new SpeedError('unauthorized', 'Send "auth" with the token first');
      void this.#run(command);
    } catch (error) {
      this.#refuse(readId(message), error);
    }
  }

  #countUnauthenticated(bytes: number): void {
    this.#unauthenticatedBytes += bytes;
    if (this.#unauthenticatedBytes <= this.context.limits.authBytes) return;
    this.cut('unauthorized', CLOSE.unauthorized, 'too much was sent before the token');
  }

  #allow(): void {
    const waitMs = this.#bucket.take(this.context.mailroom.now());
    if (waitMs === 0 && this.#running.size < this.context.limits.commandBurst) return;
    throw new SpeedError('rate-limited', 'Too many commands; wait for answers and send fewer', {
      retryAfterMs: Math.max(1, waitMs),
    });
  }

  /** A message that was not even a command. Enough of them end the session. */
  #refuse(id: string | number | null, error: unknown): void {
    this.#reply(id, undefined, error);
    this.context.metrics.onCommand('(refused)', SpeedError.is(error) ? error.kind : 'error');
    if (++this.#badMessages >= this.context.limits.badMessages) {
      this.cut(
        'bad-messages',
        CLOSE.policy,
        `${this.#badMessages} messages were refused; the last: ${(error as Error).message}`.slice(0, 110),
      );
    }
  }

  /** A command's own signal: aborted when the client is gone, or has waited long enough. */
  #begin() {
    const controller = new AbortController();
    const ms = this.context.limits.commandMs;
    const timer = setTimeout(() => controller.abort(new SpeedError('timeout', `No answer within ${ms} ms`)), ms);
    this.#running.add(controller);
    const done = () => {
      clearTimeout(timer);
      this.#running.delete(controller);
    };
    return { controller, done };
  }

  async #run({ id, name, params }: Command): Promise<void> {
    const { controller, done } = this.#begin();
    let result: unknown;
    let error: unknown;
    const after: (() => void)[] = [];
    try {
      result = await (handlers[name] as (...args: unknown[]) => unknown)(
        params,
        this.context.commands,
        this.#caller(after, controller.signal),
        controller.signal,
      );
    } catch (thrown) {
      error = controller.signal.aborted ? controller.signal.reason : thrown;
    }
    done();
    this.context.metrics.onCommand(name, error === undefined ? 'ok' : SpeedError.is(error) ? error.kind : 'error');
    this.#reply(id, result, error);
    for (const each of after) each();
  }

  #reply(id: string | number | null, result: unknown, error: unknown): void {
    if (this.#controller.signal.aborted) return;
    const text =
      error === undefined
        ? `{"id":${JSON.stringify(id)},"ok":true,"result":${JSON.stringify(result)}}`
        : `{"id":${JSON.stringify(id)},"ok":false,"error":${JSON.stringify(this.#shape(error))}}`;
    this.outbox.pushEvent(textFrame(text));
  }

  #shape(error: unknown) {
    if (SpeedError.is(error)) return errorShape(error);
    this.context.commands.host.logger.error({ err: error }, 'a command failed unexpectedly');
    return { kind: 'unavailable' as const, message: 'The server failed at this command; its log says why' };
  }

  /** Answered here and not by `ws`: a client that pings and does not read must not fill the socket. */
  #onPing(data: Buffer): void {
    if (this.outbox.laggingSince === undefined) this.socket.pong(data);
  }

  /** Ends it without a word. */
  terminate(): void {
    this.socket.terminate();
  }

  #onClose(): void {
    this.#release();
    this.context.onClosed(this);
  }

  /** Gives everything back. Twice is the same as once. */
  #release(): void {
    this.#controller.abort();
    for (const controller of this.#running) controller.abort();
    this.outbox.close();
    this.#accounts.release();
    this.#prototype?.[Symbol.asyncDispose]().catch((err: unknown) => {
      this.context.commands.host.logger.warn({ err }, 'what a client left behind could not be closed');
    });
    for (const channel of this.#channels.values()) this.context.hub.leave(channel, this);
    this.#channels.clear();
  }
}

const tooSlow = ({ outboxBytes }: Limits): string =>
  `more than ${outboxBytes} bytes wait to be read; read faster or subscribe to less`;
