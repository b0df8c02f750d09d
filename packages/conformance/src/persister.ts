import type { Persister, StoredObject } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';

/** One thing that must hold. Framework-free: run it with any test runner; it throws when it does not hold. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

/** Opens the store under test; every call must open the same, initially empty, location. */
export type OpenPersister = () => Promise<Persister> | Persister;

/** What every persister must do, whatever it stands on. */
export function persisterChecks(open: OpenPersister): readonly Check[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    run: async () => {
      const store = await open();
      try {
        await check(store, open);
      } finally {
        await store[Symbol.asyncDispose]();
      }
    },
  }));
}

type PersisterCheck = (store: Persister, open: OpenPersister) => Promise<void>;

const CHECKS: Readonly<Record<string, PersisterCheck>> = {
  'check() passes on a good location and leaves nothing behind': async (store) => {
    const before = await keys(store, '');
    await store.check();
    equal(await keys(store, ''), before);
  },
  'what was put is read back, byte for byte, by a store opened later': async (store, open) => {
    const body = pattern(70_000);
    equal(await store.put('a/one.bin', body), 'stored');
    const other = await open();
    equal(same(await other.get('a/one.bin'), body), true);
    equal(await other.size('a/one.bin'), body.length);
    await other[Symbol.asyncDispose]();
  },
  'an empty object is an object': async (store) => {
    await store.put('a/empty', new Uint8Array(0));
    equal((await store.get('a/empty')).length, 0);
    equal(await store.size('a/empty'), 0);
  },
  'a stream of 20 MB in odd pieces arrives whole': async (store) => {
    const body = pattern(20_000_003);
    await store.put('a/large.bin', pieces(body, 777_777));
    equal(same(await store.get('a/large.bin'), body), true);
  },
  'a put replaces, unless ifAbsent says not to': async (store) => {
    await store.put('b/x', bytes('first'));
    equal(await store.put('b/x', bytes('second'), { ifAbsent: true }), 'exists');
    equal(text(await store.get('b/x')), 'first');
    equal(await store.put('b/x', bytes('third')), 'stored');
    equal(text(await store.get('b/x')), 'third');
    equal(await store.put('b/y', bytes('new'), { ifAbsent: true }), 'stored');
  },
  'ifAbsent holds for streams that need several parts': async (store) => {
    const body = pattern(12_000_000);
    equal(await store.put('b/large', pieces(body, 1_000_000), { ifAbsent: true }), 'stored');
    equal(await store.put('b/large', pieces(pattern(12_000_000, 9), 1_000_000), { ifAbsent: true }), 'exists');
    equal(same(await store.get('b/large'), body), true);
  },
  'of many writers with ifAbsent exactly one wins': async (store) => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.put('c/race', bytes(`writer ${i}`), { ifAbsent: true })),
    );
    const winner = outcomes.indexOf('stored');
    equal(outcomes.filter((outcome) => outcome === 'stored').length, 1);
    equal(text(await store.get('c/race')), `writer ${winner}`);
  },
  'ranges are half open and cut at the end': async (store) => {
    await store.put('d/range', bytes('0123456789'));
    equal(text(await store.get('d/range', { start: 2, end: 5 })), '234');
    equal(text(await store.get('d/range', { start: 7 })), '789');
    equal(text(await store.get('d/range', { start: 8, end: 99 })), '89');
  },
  'list gives keys in order, by prefix, with sizes': async (store) => {
    for (const key of ['e/2', 'e/1', 'e/10', 'e/sub/3', 'ee/4']) await store.put(key, bytes(key));
    equal(await keys(store, 'e/'), ['e/1', 'e/10', 'e/2', 'e/sub/3']);
    equal(await keys(store, 'e/1'), ['e/1', 'e/10']);
    equal(await keys(store, 'nothing/'), []);
    equal(
      (await list(store, 'e/sub/')).map(({ size }) => size),
      [7],
    );
  },
  'list pages beyond a thousand objects': async (store) => {
    for (let i = 0; i < 1_050; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, j) => store.put(`f/${String(i + j).padStart(5, '0')}`, bytes('x'))));
    }
    equal((await keys(store, 'f/')).length, 1_050);
  },
  'keys of partitions keep their equals signs, percents and blanks': async (store) => {
    const key = 'trades/date=2026-01-02/exchange=x/pair=%E5%B8%81-USDT_USDT/1-2 a+b.parquet';
    await store.put(key, bytes('odd'));
    equal(text(await store.get(key)), 'odd');
    equal(await keys(store, 'trades/date=2026-01-02/'), [key]);
  },
  'a missing object: size is undefined, get says not-found and names it': async (store) => {
    equal(await store.size('g/none'), undefined);
    const error = await failure(store.get('g/none'));
    equal(SpeedError.is(error, 'not-found'), true);
    equal(String(error).includes('g/none'), true);
  },
  'remove removes, twice is the same as once': async (store) => {
    await store.put('h/x', bytes('x'));
    await store.remove('h/x');
    await store.remove('h/x');
    equal(await store.size('h/x'), undefined);
    equal(await keys(store, 'h/'), []);
  },
  'a stream that breaks leaves no object': async (store) => {
    const broken = async function* () {
      yield pattern(9_000_000);
      throw new Error('the source broke');
    };
    equal(String(await failure(store.put('i/broken', broken()))).includes('the source broke'), true);
    equal(await store.size('i/broken'), undefined);
    equal(await keys(store, 'i/'), []);
  },
  'keys that climb out of the root are refused': async (store) => {
    for (const key of ['../x', 'a/../../x', '/etc/x', 'a//b', '', 'a/./b', 'a\\..\\b', 'a\0b']) {
      equal(SpeedError.is(await failure(store.put(key, bytes('x'))), 'invalid-request'), true);
    }
  },
  'an aborted put rejects with aborted and stores nothing': async (store) => {
    const error = await failure(store.put('j/x', bytes('x'), { signal: AbortSignal.abort() }));
    equal(SpeedError.is(error, 'aborted'), true);
    equal(await store.size('j/x'), undefined);
  },
  'the location is printable and disposing twice is the same as once': async (store) => {
    equal(/^[a-z0-9]+:\/\//.test(store.location), true);
    await store[Symbol.asyncDispose]();
  },
};

const bytes = (value: string) => new TextEncoder().encode(value);
const text = (value: Uint8Array) => new TextDecoder().decode(value);

function pattern(length: number, seed = 1): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0, x = seed; i < length; i++) {
    x = (Math.imul(x, 1_103_515_245) + 12_345) | 0;
    out[i] = x >>> 16;
  }
  return out;
}

async function* pieces(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

async function list(store: Persister, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

const keys = async (store: Persister, prefix: string) => (await list(store, prefix)).map(({ key }) => key);

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('this should have failed and did not');
    },
    (error: unknown) => error,
  );
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}
