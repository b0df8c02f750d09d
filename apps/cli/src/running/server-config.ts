import { type HostConfig, loadConfig } from '@speed-protocol/host';
import { type RecordingConfig, recordingSection, type ServerConfig, serverSection } from '@speed-protocol/server/config';
import type { ServerOptions } from '../commands/server.js';

/**
 * The configuration file, the environment, and the command line on top.
 * @throws SpeedError `config` naming file, line, the wrong key and the nearest right one
 */
export async function loadServerConfig({
  config,
  host,
  port,
}: ServerOptions): Promise<HostConfig & { readonly server: ServerConfig; readonly recording: RecordingConfig }> {
  return loadConfig({
    file: config,
    sections: { server: serverSection, recording: recordingSection },
    overrides: { server: { host, port } },
  });
}
