import { type ConformanceReport, ROOMS } from '@speed-protocol/conformance/exchange';
import { table } from '../console.js';

/** Counts by room, the measured matrix, and one line that says it all. */
export function describeReport(report: ConformanceReport): string {
  const { passed, failed } = report;
  const verdict = failed === 0 ? `all ${passed} checks hold` : `${failed} of ${passed + failed} checks do not hold`;
  return `${roomTable(report)}\n${matrixTable(report)}\n${verdict}\n`;
}

function roomTable({ results }: ConformanceReport): string {
  const venues = venuesOf(results);
  const cell = (room: string, venue: string) => {
    const own = results.filter(({ check }) => check.room === room && check.venue === venue);
    const held = own.filter(({ failure }) => failure === undefined).length;
    if (own.length === 0) return '-';
    return held === own.length ? String(held) : `${held} of ${own.length}`;
  };
  const rooms = ROOMS.filter((room) => results.some(({ check }) => check.room === room));
  return table(
    ['CHECKS', ...venues],
    rooms.map((room) => [room, ...venues.map((venue) => cell(room, venue))]),
  );
}

function matrixTable({ matrix, results }: ConformanceReport): string {
  const venues = venuesOf(results);
  const capabilities = new Set(venues.flatMap((venue) => Object.keys(matrix[venue] ?? {})));
  const cell = (capability: string, venue: string) => {
    const works = matrix[venue]?.[capability];
    if (works === undefined) return '-';
    return works ? 'works' : 'BROKEN';
  };
  return table(
    ['MEASURED', ...venues],
    [...capabilities].map((capability) => [capability, ...venues.map((venue) => cell(capability, venue))]),
  );
}

function venuesOf(results: ConformanceReport['results']): readonly string[] {
  return [...new Set(results.map(({ check }) => check.venue))];
}
