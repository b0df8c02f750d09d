import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret, SpeedError } from '@speed-protocol/core';
import { type Console, note } from '../console.js';

/** Asks for secrets without showing them: at the terminal, or as lines of standard input. */
export class Secrets implements Disposable {
  #lines: Interface | undefined;
  #iterator: AsyncIterator<string> | undefined;

  constructor(private readonly console: Console) {}

  /** @throws SpeedError `config` when there is no answer */
  async ask(what: string): Promise<Secret> {
    const isTerminal = 'isTTY' in this.console.stdin && this.console.stdin.isTTY === true;
    if (isTerminal) this.console.stderr.write(`${what}: `);
    const { value, done } = await this.#open(isTerminal).next();
    if (isTerminal) note(this.console, '');
    const text = done ? '' : String(value).trim();
    if (text === '')
      throw new SpeedError('config', `${what}: nothing was entered; give it at the terminal, or as a line of standard input`);
    return new Secret(text);
  }

  [Symbol.dispose](): void {
    this.#lines?.close();
  }

  #open(terminal: boolean): AsyncIterator<string> {
    // What is typed is echoed to an output that shows nothing; editing keys still work.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    this.#lines ??= createInterface({ input: this.console.stdin, output: nowhere, terminal, historySize: 0 });
    // Ctrl-C is a key here; the question ends unanswered.
    this.#lines.once('SIGINT', () => this.#lines?.close());
    this.#iterator ??= this.#lines[Symbol.asyncIterator]();
    return this.#iterator;
  }
}
