import type { Persister } from '@speed-protocol/core';
import { type DatasetName, datasetNamed, type Selection } from '@speed-protocol/history';
import { openStore } from '@speed-protocol/recorder';
import { UsageError } from '../failure.js';
import { findInstalled } from '../venues.js';
import type { SelectionOptions } from './selection.js';

/** The store at a location, by whatever plugin serves it. */
export async function storeAt(location: string, configFile: string | undefined): Promise<Persister> {
  const { plugins } = await findInstalled(configFile);
  return openStore(plugins, location);
}

/** @throws UsageError naming a wrong dataset and the nearest right one */
export function datasetsOf(names: readonly string[] | undefined): DatasetName[] | undefined {
  try {
    return names?.map(datasetNamed);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export const selectionOf = ({ datasets, venues, symbols, from, until }: SelectionOptions): Selection => ({
  datasets: datasetsOf(datasets),
  venues,
  symbols,
  from,
  until,
});
