import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { freePorts } from './ports.js';

const SCRIPT = path.resolve(import.meta.dirname, '../../../services/s3.sh');
const KEYS = { accessKeyId: 'speedtest', secretAccessKey: 'speedsecret' };

export interface RunningS3 extends AsyncDisposable {
  readonly endpoint: string;
  readonly config: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A Ceph radosgw of its own, with an empty bucket. @throws Error naming the packages when it is not installed */
export async function startS3(folder: string, bucket: string): Promise<RunningS3> {
  // The script gives the second one to the monitor.
  const port = await freePorts(2);
  execFileSync(SCRIPT, ['start', folder, String(port)], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 180_000 });
  const endpoint = `http://127.0.0.1:${port}`;
  await makeBucket(endpoint, bucket);
  return {
    endpoint,
    config: KEYS,
    async [Symbol.asyncDispose]() {
      execFileSync(SCRIPT, ['stop', folder], { stdio: 'ignore', timeout: 60_000 });
    },
  };
}

/** Makes a bucket, as an administrator would. */
export async function makeBucket(endpoint: string, bucket: string): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ endpoint, credentials: { ...KEYS }, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}
