import type { DepthEvent } from '@speed-protocol/core';
import { channelTail, encodeEvent } from '@speed-protocol/protocol';
import { Crowd } from './crowd.js';
import { depthOf, SYMBOL, VENUE } from './event.js';
import { startPlain } from './plain.js';
import { startSpeed } from './speed.js';

export interface FanoutOptions {
  readonly clients: number;
  readonly rounds: number;
  /** Events per measured round. */
  readonly events: number;
  readonly onRound?: (text: string) => void;
}

interface FanoutRow {
  readonly case: string;
  readonly clients: number;
  /** Of one event's JSON text. */
  readonly bytes: number;
  /** Server CPU per delivery, us: user and system, everything included, median of rounds. */
  readonly speed_us: number;
  readonly ws_stringify_us: number;
  /** speed / ws. */
  readonly ratio: number;
}

export interface FanoutReport {
  readonly bench: 'fanout';
  readonly rows: readonly FanoutRow[];
}

interface Case {
  readonly name: string;
  readonly bytes: number;
  /** Events that arrive in one turn of the event loop. */
  readonly perTurn: number;
}

/** Events per second of every case: about what the books of ten busy symbols bring. */
const RATE = 100;

const CASES: readonly Case[] = [
  { name: '2 KB, one by one', bytes: 2048, perTurn: 1 },
  { name: '2 KB, eight at a time', bytes: 2048, perTurn: 8 },
  { name: '200 B, one by one', bytes: 200, perTurn: 1 },
];

/** A contestant: how to give it an event, and how many bytes its clients have been sent so far. */
interface Contestant {
  readonly group: string;
  sent: number;
  publish(prepared: Prepared): void;
}

const TAIL = channelTail(`depth:${VENUE}:${SYMBOL}`);
const SUBSCRIBE = JSON.stringify({ id: 1, command: 'subscribe', params: { feed: 'depth', venue: VENUE, symbol: SYMBOL } });
const REPLY = JSON.stringify({ id: 1, ok: true, result: { channel: `depth:${VENUE}:${SYMBOL}` } });
/** Bytes on the wire of a text message. */
const framed = (text: string): number => text.length + (text.length <= 125 ? 2 : text.length <= 0xffff ? 4 : 10);

/** Both servers in this process, one thousand clients of each in another; rounds interleaved. */
export async function fanoutBench(options: FanoutOptions): Promise<FanoutReport> {
  await using speed = await startSpeed();
  await using plain = await startPlain();
  using crowd = new Crowd();
  await crowd.connect('ws', plain.port, options.clients);
  await crowd.connect('speed', speed.server.port, options.clients, SUBSCRIBE);
  await crowd.received('speed', options.clients * framed(REPLY));
  const contestants: Contestant[] = [
    { group: 'speed', sent: options.clients * framed(REPLY), publish: ({ event }) => speed.publish(event) },
    { group: 'ws', sent: 0, publish: ({ plain: object }) => plain.publish(object) },
  ];
  // The answer to the subscription is no event.
  await crowd.digest('speed');
  const stream = new EventStream();
  const first = [[stream.next(200, 'snapshot')]];
  for (const each of contestants) await measureRound(each, crowd, first, options.clients);
  await agree(contestants, crowd);
  const rows: FanoutRow[] = [];
  for (const each of CASES) rows.push(await measureCase(each, contestants, crowd, stream, options));
  return { bench: 'fanout', rows };
}

/** One event as each contestant is given it. */
interface Prepared {
  readonly event: DepthEvent;
  readonly plain: object;
  /** What both must send. */
  readonly text: string;
}

/** Numbers events, so that each follows the one before. */
class EventStream {
  #sequence = 0;

  next(bytes: number, kind: 'snapshot' | 'delta' = 'delta'): Prepared {
    const event = depthOf(bytes, kind, ++this.#sequence);
    const text = encodeEvent(event, TAIL);
    return { event, text, plain: JSON.parse(text) as object };
  }
}

async function measureCase(
  row: Case,
  contestants: readonly Contestant[],
  crowd: Crowd,
  stream: EventStream,
  options: FanoutOptions,
): Promise<FanoutRow> {
  const { clients, rounds, events, onRound } = options;
  const costs = new Map(contestants.map(({ group }) => [group, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    // The same events for both, in turn; the round before the first is to warm up.
    const turns = Array.from({ length: Math.ceil(events / row.perTurn) }, () =>
      Array.from({ length: row.perTurn }, () => stream.next(row.bytes)),
    );
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const each of order) {
      const cost = await measureRound(each, crowd, turns, clients);
      if (round >= 0) costs.get(each.group)?.push(cost);
    }
    await agree(contestants, crowd);
    onRound?.(
      `${row.name}, round ${round + 1} of ${rounds}: ${[...costs].map(([group, list]) => `${group} ${list.at(-1)?.toFixed(2) ?? '-'}`).join(', ')} us`,
    );
  }
  const speed = median(costs.get('speed') ?? []);
  const ws = median(costs.get('ws') ?? []);
  return {
    case: row.name,
    clients,
    bytes: stream.next(row.bytes).text.length,
    speed_us: round3(speed),
    ws_stringify_us: round3(ws),
    ratio: round3(speed / ws),
  };
}

/** CPU of this process per delivery, us. */
async function measureRound(
  contestant: Contestant,
  crowd: Crowd,
  turns: readonly (readonly Prepared[])[],
  clients: number,
): Promise<number> {
  const before = process.cpuUsage();
  let due = performance.now();
  for (const turn of turns) {
    for (const prepared of turn) {
      contestant.publish(prepared);
      contestant.sent += clients * framed(prepared.text);
    }
    due += (turn.length * 1000) / RATE;
    await until(due);
  }
  // What the kernel has not delivered yet is still the server's work.
  await crowd.received(contestant.group, contestant.sent);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (clients * turns.flat().length);
}

/** @throws Error when the first clients of the contestants were not sent the same bytes */
async function agree(contestants: readonly Contestant[], crowd: Crowd): Promise<void> {
  const digests: string[] = [];
  for (const { group } of contestants) digests.push(await crowd.digest(group));
  if (new Set(digests).size !== 1) throw new Error(`the contestants sent different bytes: ${digests.join(' and ')}`);
}

/** Resolves at that time, in a later turn of the event loop in any case: a server that is late gets no events in bulk. */
const until = (due: number) =>
  new Promise<void>((resolve) => {
    const wait = due - performance.now();
    if (wait >= 1) setTimeout(resolve, wait);
    else setImmediate(() => setImmediate(resolve));
  });

const round3 = (value: number): number => Math.round(value * 1000) / 1000;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** For people. */
export function describeFanout({ rows }: FanoutReport): string {
  const lines = rows.map(({ case: name, clients, bytes, speed_us, ws_stringify_us, ratio }) =>
    [
      name.padEnd(28),
      `${clients} clients`,
      `${bytes} B`,
      `speed ${speed_us} us`,
      `ws + stringify ${ws_stringify_us} us`,
      `1/${(1 / ratio).toFixed(1)}`,
    ].join('  '),
  );
  return [`server CPU per delivery (user + system), ${RATE} events/s, medians of interleaved rounds`, ...lines].join('\n');
}
