import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../../tools/faults/src/record/ports.js';
import { makeBucket } from '../../../tools/faults/src/record/s3.js';

const SCRIPT = path.resolve(import.meta.dirname, '../../../tools/services/s3.sh');
const TOOLS = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool'];

/** Whether the real server is installed here; it is not fetched by tests. */
export const installed = TOOLS.every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0);
export const HOW = 'apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common';

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A Ceph radosgw of its own on a free port, or the one that SPEED_S3_ENDPOINT names. */
export async function startS3(): Promise<S3Server> {
  const credentials = { accessKeyId: 'speedtest', secretAccessKey: 'speedsecret' };
  const given = process.env['SPEED_S3_ENDPOINT'];
  if (given !== undefined) return { endpoint: given, credentials, async [Symbol.asyncDispose]() {} };
  const folder = mkdtempSync(path.join(tmpdir(), 'speed-s3-'));
  const port = await freePorts(2);
  execFileSync(SCRIPT, ['start', folder, String(port)], { stdio: 'ignore', timeout: 120_000 });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    credentials,
    async [Symbol.asyncDispose]() {
      execFileSync(SCRIPT, ['stop', folder], { stdio: 'ignore', timeout: 60_000 });
    },
  };
}

export { makeBucket };
