/**
 * Joins the frames of one tick into one buffer, so that a client costs one write however many events it gets. Clients
 * that want the same frames, which is what clients of one page are, share the joined buffer.
 */
export class Joiner {
  #frames: readonly Buffer[] = [];
  #joined: Buffer = Buffer.alloc(0);

  join(frames: readonly Buffer[]): Buffer {
    if (frames.length === 1) return frames[0]!;
    if (!this.#isSame(frames)) {
      this.#frames = [...frames];
      this.#joined = Buffer.concat(frames);
    }
    return this.#joined;
  }

  /** Lets the last buffers go. */
  clear(): void {
    this.#frames = [];
    this.#joined = Buffer.alloc(0);
  }

  #isSame(frames: readonly Buffer[]): boolean {
    if (frames.length !== this.#frames.length) return false;
    for (let i = 0; i < frames.length; i++) if (frames[i] !== this.#frames[i]) return false;
    return true;
  }
}
