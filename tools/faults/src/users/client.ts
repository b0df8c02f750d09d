import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Json = Record<string, unknown>;

/** Strings that a request contained and that are not its sender's business: refusals repeat them. */
type Typed = readonly string[];

/** One raw connection of one user: every text that it gets is looked at. */
export class RawClient {
  /** Why something that came should not have come. */
  readonly #waiting = new Map<number, { resolve(reply: Json): void; typed: Typed }>();
  readonly #typedInActions = new Set<string>();
  readonly closed: Promise<unknown>;
  #ids = 0;

  private constructor(
    readonly socket: WebSocket,
    private readonly foreign: RegExp,
    private readonly onForeign: (text: string) => void,
    private readonly onEvent: (event: Json, client: RawClient) => void,
  ) {
    socket.on('message', (data) => this.#take(String(data)));
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close').then(() => {
      for (const { resolve } of this.#waiting.values()) resolve({ ok: false, error: { kind: 'connection' } });
      this.#waiting.clear();
    });
  }

  static async open(
    url: string,
    token: string,
    foreign: RegExp,
    onForeign: (text: string) => void,
    onEvent: (event: Json, client: RawClient) => void,
  ): Promise<RawClient> {
    const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } });
    const client = new RawClient(socket, foreign, onForeign, onEvent);
    await once(socket, 'open');
    return client;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** A command's reply, whatever it is; at once when the connection is gone. */
  call(command: string, params: Json, typed: Typed = []): Promise<Json> {
    if (!this.isOpen) return Promise.resolve({ ok: false, error: { kind: 'connection' } });
    const id = ++this.#ids;
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve, typed });
      this.socket.send(JSON.stringify({ id, command, params }));
    });
  }

  /** An action of the prototype; its answers have no id. */
  act(message: Json, typed: Typed = []): void {
    for (const each of typed) this.#typedInActions.add(each);
    if (this.isOpen) this.socket.send(JSON.stringify(message));
  }

  terminate(): void {
    this.socket.terminate();
  }

  #take(text: string): void {
    const parsed = JSON.parse(text) as Json | Json[];
    for (const message of Array.isArray(parsed) ? parsed : [parsed]) this.#judge(message);
  }

  #judge(message: Json): void {
    const waiting = typeof message['id'] === 'number' ? this.#waiting.get(message['id']) : undefined;
    let text = JSON.stringify(message);
    const isRefusal = message['ok'] === false || message['status'] === 'error';
    if (isRefusal) for (const typed of waiting?.typed ?? this.#typedInActions) text = text.replaceAll(typed, '');
    if (this.foreign.test(text)) this.onForeign(text);
    if (waiting) {
      this.#waiting.delete(message['id'] as number);
      waiting.resolve(message);
    } else if ('seq' in message) this.onEvent(message, this);
  }
}
