import { SpeedError } from '@speed-protocol/core';
import { CLOSE } from '@speed-protocol/protocol';
import type { CommandContext } from '../commands/context.js';
import type { User } from '../trading/users.js';
import { ACTIONS, type Message } from './actions.js';
import { Desk } from './desk.js';

/** What the door needs from the connection. */
export interface Line {
  readonly user: User | undefined;
  authenticate(token: string): void;
  send(text: string): void;
  /** A state that a newer one may replace. */
  sendState(text: string, key: object): void;
  close(code: number, text: string): void;
}

const NO_USER = 'User ID is required for connection.';

/** True for messages of the Python prototype: the protocol's own have a `command`. */
export function isPrototype(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null || 'command' in message) return false;
  return 'action' in message || 'user_id' in message;
}

/** The prototype's JSON actions on one connection. */
export class PrototypeDoor implements AsyncDisposable {
  readonly #desk: Desk;
  #userId: unknown;
  #accountName: unknown;

  constructor(
    private readonly line: Line,
    private readonly context: CommandContext,
  ) {
    this.#desk = new Desk(line, context);
  }

  onMessage(message: Message): void {
    if (message.action === undefined) this.#connect(message);
    else if (this.#userId === undefined) this.line.close(CLOSE.policy, NO_USER);
    else if (this.#isAllowed()) void this.#act(String(message.action), message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#desk[Symbol.asyncDispose]();
  }

  #connect({ user_id, account_name = null, token }: Message): void {
    if (!user_id) {
      this.line.close(CLOSE.policy, NO_USER);
      return;
    }
    if (typeof token === 'string') this.line.authenticate(token);
    if (!this.#isAllowed()) return;
    this.#userId = user_id;
    this.#accountName = account_name;
    this.#say({ status: 'connected', user_id, account_name });
  }

  #isAllowed(): boolean {
    if (!this.line.user)
      this.line.close(CLOSE.unauthorized, 'Show the token first: "token" in this message, or an Authorization header');
    return this.line.user !== undefined;
  }

  async #act(name: string, message: Message): Promise<void> {
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) return this.#say({ status: 'error', message: `Unknown action: ${name.slice(0, 100)}` });
    if (action.isProcessed) this.#say({ status: 'processing', action: name });
    try {
      await action.run({ account_name: this.#accountName, ...message }, this.#desk);
    } catch (error) {
      this.#say({ action: name, status: 'error', message: this.#explain(name, error) });
    }
  }

  #explain(action: string, error: unknown): string {
    if (SpeedError.is(error)) return error.message;
    this.context.host.logger.error({ action, err: error }, 'an action failed unexpectedly');
    return 'The server failed at this action; its log says why';
  }

  #say(message: object): void {
    this.line.send(JSON.stringify(message));
  }
}
