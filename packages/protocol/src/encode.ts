import { eventToJson, type SpeedEvent } from '@speed-protocol/core';

/**
 * An event as the JSON text that is pushed to clients: the keys that `speed normalize` prints, and `receivedAt` and
 * `channel`. `tail` is {@link channelTail} of the channel, made once per channel.
 */
export function encodeEvent(event: SpeedEvent, tail: string): string {
  return eventToJson(event, `,"receivedAt":${event.receivedAt}${tail}`);
}

/** The members that end every event of a channel. */
export function channelTail(channel: string): string {
  return `,"channel":${JSON.stringify(channel)}`;
}
