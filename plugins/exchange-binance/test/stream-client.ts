import { once } from 'node:events';
import { WebSocket } from 'ws';

type Json = Record<string, unknown>;

/** A plain WebSocket on a simulated venue: keeps what it hears, in order. */
export class StreamClient {
  readonly texts: string[] = [];
  readonly socket: WebSocket;
  closed: { readonly code: number } | undefined;
  pings = 0;
  #wake = () => {};
  #lastId = 0;

  private constructor(url: string, autoPong: boolean) {
    this.socket = new WebSocket(url, { autoPong });
    this.socket.on('message', (data) => this.#hear(() => this.texts.push(String(data))));
    this.socket.on('ping', () => this.#hear(() => this.pings++));
    this.socket.on('close', (code) => this.#hear(() => (this.closed = { code })));
    this.socket.on('error', () => {});
  }

  static async open(url: string, options: { readonly autoPong?: boolean } = {}): Promise<StreamClient> {
    const client = new StreamClient(url, options.autoPong ?? true);
    await once(client.socket, 'open');
    return client;
  }

  get messages(): Json[] {
    return this.texts.map((text) => JSON.parse(text) as Json);
  }

  /** Payloads of one event type, out of their wrapper. */
  events(type: string): Json[] {
    return this.messages.map((message) => (message['data'] ?? message) as Json).filter((data) => data['e'] === type);
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** Sends a control frame and resolves with the reply. */
  async request(method: string, params?: unknown, id: unknown = `r${++this.#lastId}`): Promise<Json> {
    const before = this.texts.length;
    this.send(JSON.stringify({ method, ...(params !== undefined && { params }), id }));
    const reply = () => this.messages.slice(before).find((message) => 'id' in message);
    await this.until(() => reply() !== undefined);
    return reply()!;
  }

  /**
   * Resolves when everything sent so far has been answered: a ping and its pong.
   * @throws Error when the connection ends instead
   */
  async settle(): Promise<void> {
    let answered = false;
    this.socket.once('pong', () => this.#hear(() => (answered = true)));
    this.socket.ping();
    await this.until(() => answered || this.closed !== undefined);
    if (!answered) throw new Error(`closed with ${this.closed?.code} while waiting for a pong`);
  }

  /** Resolves as soon as the condition holds; it is looked at after everything heard. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.socket.terminate();
  }

  #hear(act: () => unknown): void {
    act();
    this.#wake();
  }
}
