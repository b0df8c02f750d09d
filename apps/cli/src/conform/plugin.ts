import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ExchangeUnderTest } from '@speed-protocol/conformance/exchange';
import { isManifest } from '@speed-protocol/core';
import { type PluginInfo, Plugins } from '@speed-protocol/host';
import { isDialect } from '@speed-protocol/simulator';
import { UsageError } from '../failure.js';

export interface PluginUnderTest extends ExchangeUnderTest {
  readonly package: string;
}

/**
 * Both halves of an exchange plugin.
 * @param name its folder, or its name when it is installed
 * @throws UsageError when there is no such plugin, it is none of an exchange, or it has no simulator
 */
export async function findPlugin(name: string): Promise<PluginUnderTest> {
  const folder = resolve(name);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const conditions = process.execArgv.includes('--conditions=@speed/source') ? ['@speed/source'] : [];
  const where = isFolder ? { directories: [folder] } : { directories: [process.cwd()], packages: [name] };
  const plugins = await Plugins.discover({ ...where, conditions });
  const info = plugins.list.find((each) => (isFolder ? each.directory === folder : each.package === name));
  if (!info) throw refusal(name, plugins);
  if (info.kind !== 'exchange') throw new UsageError(`${name} is a plugin of kind "${info.kind}"; the suites are for exchanges`);
  return { package: info.package, ...(await halves(plugins, info)) };
}

async function halves(plugins: Plugins, info: PluginInfo): Promise<ExchangeUnderTest> {
  if (info.sim === undefined) {
    throw new UsageError(`${info.package} brings no simulator: export a dialect and name it in "speed": { "sim": "./sim" }`);
  }
  const [manifest, dialect] = await Promise.all([plugins.import(info), plugins.import(info, info.sim)]);
  if (!isManifest(manifest)) throw new UsageError(`the default export of ${info.package} is no manifest: use defineExchange`);
  if (!isDialect(dialect))
    throw new UsageError(`the default export of ${info.package}'s ${info.sim} is no dialect: use defineDialect`);
  return { manifest, dialect };
}

function refusal(name: string, plugins: Plugins): UsageError {
  const refused = plugins.refused.find((each) => each.package === name);
  return new UsageError(
    refused?.reason ?? `there is no exchange plugin "${name}": name a folder, or a package that is installed here`,
  );
}
