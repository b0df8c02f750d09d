import { persisterChecks } from '@speed-protocol/conformance/persister';
import { type ErrorKind, SpeedError } from '@speed-protocol/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../src/index.js';
import { HOW, installed, makeBucket, type S3Server, startS3 } from './server.js';

const BUCKET = `speed-${process.pid}`;

describe.skipIf(!installed)(`persister-s3 on a real server (Ceph radosgw; to include: ${HOW})`, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
    await makeBucket(server.endpoint, BUCKET);
  }, 300_000);
  afterAll(() => server?.[Symbol.asyncDispose](), 300_000);

  const open = (location: string, config: object = {}) =>
    manifest.create(location, { config: { endpoint: server.endpoint, ...server.credentials, attempts: 2, ...config } });
  let run = 0;
  let location: string;

  for (const check of persisterChecks(() => open(location))) {
    it(check.name, async () => {
      location = `s3://${BUCKET}/run-${run++}/nested`;
      await check.run();
    }, 300_000);
  }

  const failsAs = async (promise: Promise<unknown>, kind: ErrorKind, words: RegExp) => {
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(SpeedError.is(error, kind), String(error)).toBe(true);
    expect(String(error)).toMatch(words);
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('speedsecret');
  };

  it('a wrong bucket, key and secret are told apart, each with its remedy', async () => {
    await failsAs(open('s3://no-such-bucket-here').check(), 'config', /no such bucket.*create it/);
    await failsAs(open(`s3://${BUCKET}`, { accessKeyId: 'nobody' }).check(), 'unauthorized', /check accessKeyId/);
    await failsAs(open(`s3://${BUCKET}`, { secretAccessKey: 'wrong' }).check(), 'unauthorized', /check secretAccessKey/);
  });

  it('an endpoint where nothing listens says so', () =>
    failsAs(open(`s3://${BUCKET}`, { endpoint: 'http://127.0.0.1:9', attempts: 1 }).check(), 'connection', /check endpoint/));
});

describe('persister-s3 without a server', () => {
  it.each(['s3://', 's3://UPPER', 's3://bucket/../x', 'http://bucket'])('refuses the location %s', (bad) => {
    expect(() => manifest.create(bad)).toThrow(/s3:\/\/bucket|must not contain/);
  });

  it('names a wrong setting and the nearest right one', () => {
    expect(() => manifest.create('s3://bucket', { config: { endpiont: 'http://x' } })).toThrow(/"endpiont".*"endpoint"/);
    expect(() => manifest.create('s3://bucket', { config: { accessKeyId: 'only' } })).toThrow(/both/);
    expect(() => manifest.create('s3://bucket', { config: { endpoint: 'x/y' } })).toThrow(/http\(s\)/);
  });
});
