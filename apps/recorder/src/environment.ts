import { type Persister, SpeedError } from '@speed-protocol/core';

const KEY = '_meta/environment.json';
/** Every moment before the first row is a hole in the recording. */
const PATIENCE_MS = 5_000;

/**
 * Notes what a recording is of: `live`, `testnet`, `sim`. Simulated rows among real ones could never be told apart again, so a
 * store holds one environment only.
 * @throws SpeedError `config` when the store holds another one
 */
export async function claimEnvironment(store: Persister, environment: string): Promise<void> {
  const held = await heldEnvironment(store, environment);
  if (held === environment) return;
  throw new SpeedError(
    'config',
    `${store.location} holds a recording of the environment "${held}"; record "${environment}" to another place (--to)`,
  );
}

/** Whether the store can be used at all is for the log to find out: one that is only away must not keep rows from it. */
async function heldEnvironment(store: Persister, environment: string): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const mine = new TextEncoder().encode(JSON.stringify({ environment }));
    if ((await store.put(KEY, mine, { ifAbsent: true, signal })) === 'stored') return environment;
    return (JSON.parse(new TextDecoder().decode(await store.get(KEY, { signal }))) as { environment?: unknown }).environment;
  } catch {
    return environment;
  }
}
