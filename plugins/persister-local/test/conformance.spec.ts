import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { persisterChecks } from '@speed-protocol/conformance/persister';
import { afterAll, describe, it } from 'vitest';
import manifest from '../src/index.js';

const folders: string[] = [];
let current: string;

describe('persister-local keeps the contract of every persister', () => {
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  for (const check of persisterChecks(() => manifest.create(current))) {
    it(check.name, async () => {
      current = await mkdtemp(path.join(tmpdir(), 'speed-local-'));
      folders.push(current);
      await check.run();
    });
  }
});
