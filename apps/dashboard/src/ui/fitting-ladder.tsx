import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveMarket } from '../live/market.js';
import { Ladder } from './ladder.js';
import type { Units } from './units.js';

/** Heights in the style sheet, px: one line, and heading, spread and margins together. */
const LINE = 18;
const FIXED = 60;
const LEAST = 8;
const MOST = 50;

interface FittingLadderProps {
  readonly market: LiveMarket;
  readonly units: Units;
  readonly own: ReadonlySet<number>;
}

/** A ladder of as many levels as its panel has room for. */
export function FittingLadder({ market, units, own }: FittingLadderProps) {
  const host = useRef<HTMLDivElement>(null);
  const [depth, setDepth] = useState(LEAST);
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const observer = new ResizeObserver(() => setDepth(depthFor(element.clientHeight)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={host} class="fitting">
      <Ladder market={market} units={units} depth={depth} own={own} />
    </div>
  );
}

function depthFor(height: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.floor((height - FIXED) / 2 / LINE)));
}
