import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A WebSocket that keeps what it hears, and can be waited for. */
export class SocketClient {
  readonly messages: string[] = [];
  readonly socket: WebSocket;
  closed: { code: number } | undefined;
  error: string | undefined;
  #wake = () => {};

  private constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => this.#hear(() => this.messages.push(String(data))));
    this.socket.on('close', (code) => this.#hear(() => (this.closed = { code })));
    this.socket.on('error', ({ message }) => (this.error = message));
  }

  static async open(url: string): Promise<SocketClient> {
    const client = new SocketClient(url);
    await once(client.socket, 'open');
    return client;
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** Resolves as soon as the condition holds; it is looked at after everything heard. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a text and resolves when it comes back. */
  async echo(text: string): Promise<void> {
    this.send(text);
    await this.until(() => this.messages.includes(text));
  }

  /** A WebSocket ping and the pong to it. */
  async ping(): Promise<void> {
    this.socket.ping();
    await once(this.socket, 'pong');
  }

  close(): void {
    this.socket.terminate();
  }

  #hear(act: () => unknown): void {
    act();
    this.#wake();
  }
}
