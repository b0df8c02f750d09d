/** A price that the user has pointed at, for whoever can use one. */
export class Picked {
  readonly #listeners = new Set<(price: number) => void>();

  tell(price: number): void {
    for (const listener of this.#listeners) listener(price);
  }

  listen(listener: (price: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
