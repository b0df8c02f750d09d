/** Time of one run, us. */
export async function timed(run: () => unknown): Promise<number> {
  const began = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - began) / 1000;
}

/** Processor time of one run, us: what else the machine does meanwhile does not count. */
export async function processorTime(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Median time of so many runs, one after the other, us; of several things by turns, so that a busy moment hits all alike. */
export async function p50<K extends string>(
  runs: number,
  things: Readonly<Record<K, () => Promise<unknown>>>,
): Promise<Record<K, number>> {
  const names = Object.keys(things) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let n = 0; n < runs; n++) for (const name of names) times[name].push(await timed(things[name]));
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<K, number>;
}

/** Time until so many, started at once, are all done, us. */
export function burst(runs: number, run: () => Promise<unknown>): Promise<number> {
  return timed(() => Promise.all(Array.from({ length: runs }, run)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const round = (value: number): number => Math.round(value * 100) / 100;
