import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Report } from './clients.js';

/** The process with the clients, seen from the server's. */
export class Crowd implements Disposable {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = fork(new URL('./clients.js', import.meta.url));
  }

  /** Connects `count` clients that each send `send` once. */
  async connect(group: string, port: number, count: number, send?: string): Promise<void> {
    await this.#ask({ order: 'connect', group, port, count, ...(send !== undefined && { send }) });
  }

  /** Resolves when all clients of the group together have received so many bytes since they connected. */
  async received(group: string, bytes: number): Promise<void> {
    await this.#ask({ order: 'await', group, bytes });
  }

  /** SHA-256 of what the first client got since the last time. */
  async digest(group: string): Promise<string> {
    const answer = await this.#ask({ order: 'digest', group });
    return answer.report === 'digest' ? answer.sha256 : '';
  }

  [Symbol.dispose](): void {
    this.#process.disconnect();
  }

  async #ask(order: Order): Promise<Report> {
    this.#process.send(order);
    const [answer] = (await once(this.#process, 'message')) as [Report];
    return answer;
  }
}
