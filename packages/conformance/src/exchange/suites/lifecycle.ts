import assert from 'node:assert/strict';
import { SpeedError, type SpeedEvent } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';

const room = 'disposal';

/** Beginning and end of a connector and of what it holds. */
export const LIFECYCLE: readonly CheckRow[] = [
  {
    room,
    name: 'opens nothing before its first use',
    async run({ connector }) {
      assert.deepEqual(connector.connections(), []);
    },
  },
  {
    room,
    name: 'says what its connections do',
    async run(bench) {
      await bench.collect('depth');
      await bench.world.until(() => bench.connector.connections().some(({ lastFrameAt }) => lastFrameAt !== null), 'a frame');
      for (const { name, state, topics } of bench.connector.connections()) {
        assert.ok(name.includes(bench.venue), name);
        assert.equal(state, 'open');
        assert.ok(topics > 0);
      }
    },
  },
  {
    room,
    name: 'an ended subscription is silent, closed, and gone at the venue; ending it twice is the same',
    async run(bench) {
      const { events, subscription } = await bench.collect('depth');
      await bench.world.until(() => events.length >= 3, 'events');
      await bench.world.settled(subscription[Symbol.asyncDispose](), 'it to end');
      const count = events.length;
      await bench.world.settled(subscription.closed, 'it to be closed');
      await bench.world.settled(subscription[Symbol.asyncDispose](), 'it to end again');
      await bench.world.pass(2_000);
      // What the venue still sends of it, this finds.
      bench.world.sim.faults.inject({ kind: 'drop', venue: bench.venue, topic: 'depth', count: 1 });
      await bench.world.pass(8_000);
      assert.deepEqual([events.length, subscription.state], [count, 'closed']);
      assert.equal(topics(bench), 0);
      assert.equal(bench.world.sim.faults.hits, 0, 'the venue goes on sending it');
    },
  },
  {
    room,
    name: 'can be subscribed again after it ended',
    async run(bench) {
      const first = await bench.collect('depth');
      await bench.world.settled(first.subscription[Symbol.asyncDispose](), 'it to end');
      const second = await bench.collect('depth');
      await bench.world.until(() => second.events.length >= 3, 'events');
      assert.equal(second.events[0]?.type === 'depth' && second.events[0].kind, 'snapshot');
    },
  },
  {
    room,
    name: 'a disposed connector closes its sockets and ends its subscriptions; twice is the same as once',
    async run(bench) {
      const { events, subscription } = await bench.collect('depth');
      await bench.world.until(() => events.length >= 1, 'an event');
      await dispose(bench);
      await dispose(bench);
      const count = events.length;
      await bench.world.pass(5_000);
      assert.deepEqual([events.length, subscription.state], [count, 'closed']);
      assert.ok(bench.connector.connections().every(({ state }) => state === 'closed'));
    },
  },
  {
    room,
    name: 'a disposed connector refuses, at once and in words',
    async run(bench) {
      await dispose(bench);
      const error = await bench.world.failure(
        bench.market.subscribe('depth', bench.symbol, () => {}),
        'a disposed connector',
      );
      assert.ok(SpeedError.is(error), String(error));
      assert.ok(['aborted', 'unavailable'].includes(error.kind), String(error));
      const asked = await bench.world.failure(bench.connector.reference.serverTime(), 'a disposed connector');
      assert.ok(SpeedError.is(asked), String(asked));
    },
  },
  {
    room,
    name: 'questions under way when it is disposed reject with aborted',
    async run(bench) {
      bench.world.sim.faults.inject({ kind: 'hang', target: 'rest', venue: bench.venue, count: 1 });
      const question = bench.connector.reference.serverTime();
      question.catch(() => undefined);
      await bench.world.pass(100);
      await dispose(bench);
      const error = await bench.world.failure(question, 'a question under way');
      assert.ok(SpeedError.is(error, 'aborted'), String(error));
    },
  },
  {
    room,
    name: 'a listener that throws neither ends the stream nor disturbs the others',
    async run(bench) {
      const events: SpeedEvent[] = [];
      await bench.subscribe('depth', () => {
        throw new Error('a listener of the check');
      });
      await bench.subscribe('depth', (event) => void events.push(event));
      await bench.world.until(() => events.length >= 10, 'events for the other');
    },
  },
];

function topics({ connector }: Bench): number {
  return connector.connections().reduce((sum, { topics }) => sum + topics, 0);
}

function dispose({ connector, world }: Bench): Promise<void> {
  return world.settled(Promise.resolve(connector[Symbol.asyncDispose]()), 'it to close');
}
