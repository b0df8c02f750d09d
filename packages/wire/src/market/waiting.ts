/** More than an overlap of two connections brings. */
const MAX_HELD = 10_000;

/** Frames of a connection that is not heard yet, in the order in which they came. */
export class Waiting {
  private held: { readonly position: number; readonly deliver: () => void }[] = [];

  /** Whether anything has come at all. */
  get hasBegun(): boolean {
    return this.held.length > 0;
  }

  /** Position of the first frame that waits; NaN where frames have none. */
  get entry(): number {
    return this.held[0]?.position ?? Number.NaN;
  }

  add(position: number, deliver: () => void): void {
    if (this.held.length === MAX_HELD) this.held.shift();
    this.held.push({ position, deliver });
  }

  release(): void {
    for (const { deliver } of this.held) deliver();
    this.held = [];
  }
}
