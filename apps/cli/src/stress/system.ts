import type { ReadyLine } from '@speed-protocol/simulator';
import { startChild } from './child.js';

export interface SystemOptions {
  readonly venues: readonly string[];
  readonly seed: number | undefined;
  readonly fault: readonly string[] | undefined;
  /** Per venue. */
  readonly accounts: number;
}

export interface System extends AsyncDisposable {
  /** Of the server's protocol. */
  readonly url: string;
  readonly seed: number;
}

/**
 * Simulator and server, each in a process of its own: what is measured shares a thread neither with the venue nor with what
 * measures it.
 * @throws Error saying why they did not start
 */
export async function startSystem({ accounts, ...wishes }: SystemOptions): Promise<System> {
  const simulator = await startChild<ReadyLine>('./simulator-process.js', wishes);
  try {
    const server = await startChild<string>('./server-process.js', { simulator: simulator.ready, accounts });
    const dispose = async () => {
      await server[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    };
    return { url: server.ready, seed: simulator.ready.seed, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await simulator[Symbol.asyncDispose]();
    throw error;
  }
}
