import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundle } from './support/bundle.js';
import { useRecording } from './support/folders.js';
import { killAndCount } from './support/kill.js';
import { seedOf } from './support/random.js';

/** As many kills as two-second lives have in half a minute, in less time; `npm run faults -- record` is the long form. */
const KILLS = 15;
const SECONDS = 60;

describe('a recorder that is killed', () => {
  const { at } = useRecording();

  it(
    'loses no acknowledged row, doubles none, and lists every hole',
    async () => {
      const seed = seedOf();
      await using child = await bundle(path.join(import.meta.dirname, 'support/local-child.ts'));
      const report = await killAndCount({
        store: at.store,
        location: at.data,
        spool: at.spool,
        seed,
        file: child.file,
        seconds: SECONDS,
        kills: KILLS,
        lifeMs: 400,
        burst: 60,
        segmentBytes: 20_000,
      });
      console.log(`SPEED_SEED=${seed}`, report);
      expect(report.kills).toBeGreaterThan(1);
      expect(report.acknowledged).toBeGreaterThan(0);
    },
    SECONDS * 3000 + 60_000,
  );
});
