/** A process that ends by itself, without a word. */
process.exitCode = 3;

export {};
