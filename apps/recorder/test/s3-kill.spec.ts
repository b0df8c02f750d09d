import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import s3 from '@speed-protocol/persister-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../packages/history/test/support/bundle.js';
import { killAndCount } from '../../../packages/history/test/support/kill.js';
import { randomFrom, seedOf } from '../../../packages/history/test/support/random.js';
import { HOW, installed, makeBucket, type S3Server, startS3 } from '../../../plugins/persister-s3/test/server.js';
import { startBadProxy } from '../../../tools/faults/src/record/bad-proxy.js';

/** A short form of `npm run faults -- record --store s3`. */
const KILLS = 5;
const SECONDS = 60;
const BUCKET = `speed-kill-${process.pid}`;

describe.skipIf(!installed)(`a recorder on a real S3 server that is killed (Ceph radosgw; to include: ${HOW})`, () => {
  let server: S3Server;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-s3-kill-'));
    server = await startS3();
    await makeBucket(server.endpoint, BUCKET);
  }, 300_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 300_000);

  it(
    'loses no acknowledged row, doubles none, and lists every hole, with 500s, cuts and late answers on the way to the store',
    async () => {
      const seed = seedOf();
      await using child = await bundle(path.join(import.meta.dirname, 'support/s3-child.ts'));
      await using proxy = await startBadProxy(server.endpoint, randomFrom(seed));
      const location = `s3://${BUCKET}/run-${seed}`;
      const config = { endpoint: proxy.endpoint, ...server.credentials, attempts: 2, timeoutMs: 300 };
      proxy.share = 0.3;
      const report = await killAndCount({
        // The oracle reads past the proxy: it is the truth, not the subject.
        store: s3.create(location, { config: { ...config, endpoint: server.endpoint, timeoutMs: 30_000 } }),
        location,
        config,
        spool: path.join(folder, 'spool'),
        seed,
        file: child.file,
        seconds: SECONDS,
        kills: KILLS,
        lifeMs: 1_500,
        burst: 20,
        segmentBytes: 60_000,
      });
      console.log(`SPEED_SEED=${seed}`, report, proxy.made);
      expect(report.acknowledged).toBeGreaterThan(0);
      expect(Object.values(proxy.made).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    },
    SECONDS * 6000 + 180_000,
  );
});
