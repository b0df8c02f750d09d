import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Persister } from '@speed-protocol/core';
import local from '@speed-protocol/persister-local';
import { afterEach, beforeEach } from 'vitest';
import { Engine, type EngineOptions, HistoryWriter, type WriterOptions } from '../../src/index.js';

/** A folder of its own for every test, and the recorder's parts in it. */
export function useRecording() {
  const at = { folder: '', store: undefined as unknown as Persister, data: '', spool: '' };
  beforeEach(async () => {
    at.folder = await mkdtemp(path.join(tmpdir(), 'speed-history-'));
    at.data = path.join(at.folder, 'data');
    at.spool = path.join(at.folder, 'spool');
    at.store = local.create(at.data);
  });
  afterEach(() => rm(at.folder, { recursive: true, force: true }));
  const open = async (engine: Partial<EngineOptions> = {}, options: WriterOptions = {}) => {
    const opened = await Engine.open({ store: at.store, spool: at.spool, retryMs: 5, ...engine });
    return { engine: opened, writer: new HistoryWriter(opened, { retryMs: 5, ...options }) };
  };
  return { at, open };
}
