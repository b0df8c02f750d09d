import { SpeedError } from '@speed-protocol/core';
import { CLOSE } from '@speed-protocol/protocol';
import { type BackoffOptions, backoffMs } from './backoff.js';
import type { ClientSocket, OpenSocket } from './socket.js';

/** `waiting`: cut, a reconnect is scheduled. `closed`: for good. */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closed';

/** After these codes another attempt would end the same way. */
const FINAL_CODES: ReadonlySet<number> = new Set([CLOSE.policy, CLOSE.tooBig, CLOSE.unauthorized, CLOSE.takenOver]);
/** What a connection that ended without a close is said to have ended with. */
const NO_ANSWER = 1006;
/** Bytes that may wait in the socket before sending is refused. */
const MAX_BUFFERED = 1 << 20;

export interface ConnectionHandlers {
  /** A socket opened; the connection counts as open when this resolves. */
  onSocket(): Promise<void>;
  onMessage(text: string): void;
  /** The socket that was open is gone. */
  onCut(error: SpeedError): void;
  onState(state: ConnectionState, error?: SpeedError): void;
}

/** One WebSocket that is opened again after every cut, until closed. */
export class Connection {
  state: ConnectionState = 'connecting';
  /** Why the last socket ended. */
  lastError: SpeedError | undefined;
  #socket: ClientSocket | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly url: string,
    private readonly openSocket: OpenSocket,
    private readonly reconnect: BackoffOptions | false,
    private readonly handlers: ConnectionHandlers,
  ) {
    this.#open();
  }

  readonly send = (text: string): void => {
    if (!this.#socket) throw new SpeedError('connection', `Not connected to ${this.url}`, { outcomeKnown: true });
    if (this.#socket.bufferedAmount > MAX_BUFFERED) {
      throw new SpeedError('rate-limited', `${this.url} does not read fast enough; send less`, { outcomeKnown: true });
    }
    this.#socket.send(text);
  };

  /**
   * Gives up the socket; a new one follows unless the connection was closed. The other end is not waited for: a server
   * that hangs would never agree to the close.
   */
  cut(why: string): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#onClose(socket, NO_ANSWER, why, undefined);
    socket.close();
  }

  close(error?: SpeedError): void {
    if (this.state === 'closed') return;
    clearTimeout(this.#timer);
    this.lastError = error ?? this.lastError;
    const socket = this.#socket;
    this.#socket = undefined;
    this.handlers.onCut(error ?? new SpeedError('aborted', 'The client was closed'));
    this.#enter('closed', error);
    socket?.close(1000);
  }

  #open(): void {
    this.#enter('connecting');
    const socket: ClientSocket = this.openSocket(this.url, {
      onOpen: () => void this.#onOpen(socket),
      onMessage: (text) => {
        if (this.#socket === socket) this.handlers.onMessage(text);
      },
      onClose: (code, reason, cause) => this.#onClose(socket, code, reason, cause),
    });
    this.#socket = socket;
  }

  async #onOpen(socket: ClientSocket): Promise<void> {
    if (this.#socket !== socket) return;
    try {
      await this.handlers.onSocket();
      if (this.#socket !== socket) return;
      this.#attempt = 0;
      this.#enter('open');
    } catch (error) {
      if (this.#socket !== socket) return;
      if (SpeedError.is(error, 'unauthorized')) this.close(error);
      else this.cut((error as Error).message);
    }
  }

  #onClose(socket: ClientSocket, code: number, reason: string, cause: unknown): void {
    if (this.#socket !== socket) return;
    this.lastError = closeError(this.url, code, reason, cause);
    if (this.reconnect === false || FINAL_CODES.has(code)) this.close(this.lastError);
    else this.#wait(this.lastError, this.reconnect);
  }

  #wait(error: SpeedError, backoff: BackoffOptions): void {
    this.#socket = undefined;
    this.handlers.onCut(error);
    this.#enter('waiting', error);
    this.#timer = setTimeout(() => this.#open(), backoffMs(this.#attempt++, backoff));
  }

  #enter(state: ConnectionState, error?: SpeedError): void {
    this.state = state;
    this.handlers.onState(state, error);
  }
}

function closeError(url: string, code: number, reason: string, cause: unknown): SpeedError {
  const why = reason || (cause instanceof Error ? cause.message : '') || `close code ${code}`;
  const kind = code === CLOSE.unauthorized ? 'unauthorized' : 'connection';
  return new SpeedError(kind, `${url}: ${why}`, { cause });
}
