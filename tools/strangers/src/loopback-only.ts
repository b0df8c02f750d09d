import { Socket } from 'node:net';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Kept by the process: every file of tests loads this anew, and one guard is enough. */
const kept = globalThis as { speedEscapes?: string[] };
const isGuarded = kept.speedEscapes !== undefined;

/** Hosts that somebody tried to reach beyond this machine. */
export const escapes: string[] = kept.speedEscapes ?? [];
kept.speedEscapes = escapes;

/** Every way out of this process goes through here: fetch, axios, ws, https. */
const connect = Socket.prototype.connect;

function guarded(this: Socket, ...args: Parameters<typeof connect>): Socket {
  const host = hostOf(args);
  if (host === undefined || LOOPBACK.test(host)) return connect.apply(this, args);
  escapes.push(host);
  const error = new Error(`blocked: ${host} is not on this machine`);
  process.nextTick(() => this.destroy(error));
  return this;
}

if (!isGuarded) Socket.prototype.connect = guarded as typeof connect;

/** The host of a `connect` call; `undefined` for pipes. */
function hostOf(args: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as { host?: string; path?: string };
    return path === undefined ? (host ?? 'localhost') : undefined;
  }
  if (typeof first === 'number') return typeof second === 'string' ? second : 'localhost';
  return undefined;
}
