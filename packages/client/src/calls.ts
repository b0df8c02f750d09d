import { SpeedError } from '@speed-protocol/core';
import type { CommandName, CommandParams, CommandResult, ErrorShape, Reply } from '@speed-protocol/protocol';

/** More unanswered commands than this is a mistake, not a load. */
const MAX_PENDING = 1000;

interface Pending {
  resolve(result: never): void;
  reject(error: unknown): void;
}

/** Commands that wait for their replies. */
export class Calls {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /**
   * Sends one command.
   * @throws SpeedError as the server answered; `timeout`, `aborted`, or `connection` when there was no answer
   */
  async run<C extends CommandName>(
    send: (text: string) => void,
    command: C,
    params: CommandParams<C>,
    signal: AbortSignal,
  ): Promise<CommandResult<C>> {
    if (this.#pending.size >= MAX_PENDING) {
      throw new SpeedError('rate-limited', `${MAX_PENDING} commands are unanswered; await some before sending "${command}"`);
    }
    if (signal.aborted) throw abortError(command, signal);
    const id = ++this.#lastId;
    const onAbort = () => this.#settle(id)?.reject(abortError(command, signal));
    try {
      return await new Promise<CommandResult<C>>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        signal.addEventListener('abort', onAbort, { once: true });
        send(JSON.stringify({ id, command, params }));
      });
    } finally {
      this.#pending.delete(id);
      signal.removeEventListener('abort', onAbort);
    }
  }

  onReply(reply: Reply): void {
    const waiting = typeof reply.id === 'number' ? this.#settle(reply.id) : undefined;
    if (reply.ok) waiting?.resolve(reply.result as never);
    else waiting?.reject(toError(reply.error));
  }

  /** The connection is gone: nobody will answer. */
  failAll(error: SpeedError): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  #settle(id: number): Pending | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }
}

export const toError = ({ kind, message, ...rest }: ErrorShape): SpeedError => new SpeedError(kind, message, rest);

export function abortError(what: string, signal: AbortSignal): SpeedError {
  const timedOut = (signal.reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
  if (timedOut) return new SpeedError('timeout', `No answer to "${what}" in time`, { cause: signal.reason });
  return new SpeedError('aborted', `"${what}" was aborted by its signal`, { cause: signal.reason });
}
