/** What a template may say of the thing that it makes. */
export interface Names {
  /** ccxt's id of an exchange, e.g. `okx`; part of the package's name. */
  readonly name: string;
  /** In class names, e.g. `Okx`. */
  readonly Name: string;
}

const NAME = /^[a-z][a-z0-9]{1,17}$/;

/** @throws RangeError saying what a name looks like */
export function namesOf(name: string): Names {
  if (NAME.test(name)) return { name, Name: name[0]!.toUpperCase() + name.slice(1) };
  throw new RangeError(`"${name}" cannot be a name: write 2 to 18 small letters and digits, as ccxt's ids are, e.g. "okx"`);
}
