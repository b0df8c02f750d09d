import { writeSync } from 'node:fs';
import { isPersisterManifest } from '@speed-protocol/core';
import { Engine, HistoryWriter } from '@speed-protocol/history';
import { eventOf, startOf } from './events.js';
import { randomFrom } from './random.js';
import { changingWeather, troubledFiles, troubledStore } from './trouble.js';

/** What a recorder that is going to be killed is told, as JSON in its first argument. */
export interface ChildOrder {
  /** Package of the persister. */
  readonly persister: string;
  readonly location: string;
  readonly config: object;
  readonly spool: string;
  readonly seed: number;
  readonly run: number;
  /** Most rows of one burst; a burst every ms or so. */
  readonly burst: number;
}

/** Printed when rows up to `n` are acknowledged: written synchronously, so what the parent reads was true before the kill. */
const tell = (n: number) => writeSync(1, `a ${n}\n`);

/** Records under load, in bad weather, until it is killed. */
async function recordUntilKilled(order: ChildOrder): Promise<void> {
  const { default: manifest } = (await import(order.persister)) as { default: unknown };
  if (!isPersisterManifest(manifest)) throw new Error(`${order.persister} is no persister`);
  const random = randomFrom(order.seed + order.run);
  const weather = changingWeather(random);
  const engine = await Engine.open({
    store: troubledStore(manifest.create(order.location, { config: order.config }), weather, random),
    files: troubledFiles(weather),
    spool: order.spool,
    segmentBytes: 400_000,
    segmentMs: 300,
    retryMs: 20,
  });
  const seqOf: number[] = [];
  let acknowledged = 0;
  const writer = new HistoryWriter(engine, {
    commitMs: 2,
    retryMs: 20,
    onAcknowledged: (seq) => {
      while (acknowledged < seqOf.length && seqOf[acknowledged]! <= seq) acknowledged++;
      tell(acknowledged - 1);
    },
  });
  const burst = () => {
    for (let k = Math.floor(random() * order.burst); k > 0; k--) {
      const seq = writer.push(eventOf(order.run, seqOf.length));
      if (seq === 0) throw new Error('a row was dropped under a load that memory should carry');
      seqOf.push(seq);
    }
    setTimeout(burst, 1);
  };
  burst();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100 + 400 * random()));
    // Compaction runs beside roll-over, so kills hit that too. Only hours before this run's: nobody adds to them.
    await engine.maintain({ before: startOf(order.run) }).catch(() => undefined);
  }
}

await recordUntilKilled(JSON.parse(process.argv[2]!) as ChildOrder);
