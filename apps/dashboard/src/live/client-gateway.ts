import { type AccountListener, type ClientSubscription, SpeedClient } from '@speed-protocol/client';
import { SpeedError } from '@speed-protocol/core';
import type { ChannelSpec, PushedEvent } from '@speed-protocol/protocol';
import type { Gateway } from './gateway.js';

/** A server that stops answering is noticed after twice this, ms. */
const HEARTBEAT_MS = 2500;
const BACKOFF = { minMs: 250, maxMs: 3000 };
/** A refused channel is asked for again after this, unless the refusal cannot change, ms. */
const RETRY_MS = 3000;
const FINAL_KINDS: ReadonlySet<string> = new Set(['not-found', 'unsupported', 'invalid-request', 'config', 'aborted']);

/** The WebSocket address of the server that served this page. */
export function serverUrl({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/`;
}

/** The real line to the server, over the typed client. */
export function connectGateway(url: string): Gateway {
  const listeners = new Set<() => void>();
  const client = new SpeedClient(url, {
    heartbeatMs: HEARTBEAT_MS,
    reconnect: BACKOFF,
    onState() {
      for (const listener of listeners) listener();
    },
  });
  return {
    get connected() {
      return client.state === 'open';
    },
    onConnection: (listener) => void listeners.add(listener),
    call: (command, params) => client.call(command, params),
    subscribe: (spec, on, onError) => keepSubscribed(client, spec, on, onError),
    followAccounts: (on) => follow(client, on),
  };
}

/** Begins until it has succeeded; from then on the client goes on by itself. */
function follow(client: SpeedClient, on: AccountListener): void {
  client.onAccounts(on).catch(() => setTimeout(() => follow(client, on), RETRY_MS));
}

/** Subscribes until told to stop; what ends for a reason that may pass is asked for again. */
function keepSubscribed(
  client: SpeedClient,
  spec: ChannelSpec,
  on: (message: PushedEvent) => void,
  onError: (error: Error) => void,
): () => void {
  let stopped = false;
  let subscription: ClientSubscription | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const failed = (error: Error) => {
    if (stopped) return;
    onError(error);
    if (!SpeedError.is(error) || !FINAL_KINDS.has(error.kind)) retry = setTimeout(start, RETRY_MS);
  };
  const start = () => {
    client.subscribe(spec, on).then((opened) => {
      subscription = opened;
      opened.closed.catch(failed);
      if (stopped) void opened[Symbol.asyncDispose]();
    }, failed);
  };
  start();
  return () => {
    stopped = true;
    clearTimeout(retry);
    void subscription?.[Symbol.asyncDispose]();
  };
}
