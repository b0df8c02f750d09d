const BRACES = /\{ ([^{}\n]+) \}( from |;)/g;

/** A template with its `{{names}}` filled in. */
export function render(template: string, values: Readonly<Record<string, string>>): string {
  const text = template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new RangeError(`a template asks for {{${key}}}, which nobody gives`);
    return value;
  });
  return text.replace(BRACES, sorted);
}

/** What is imported stands in the order of the alphabet, wherever the name falls into it. */
function sorted(whole: string, inside: string, after: string): string {
  if (after !== ' from ') return whole;
  const bare = (specifier: string) => specifier.replace(/^type /, '');
  const specifiers = inside.split(', ').sort((a, b) => byLetter(bare(a), bare(b)));
  return `{ ${specifiers.join(', ')} }${after}`;
}

/** Letter by letter, a capital before the small one: the order of the formatter. */
function byLetter(a: string, b: string): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [x, y] = [a[at]!, b[at]!];
    if (x !== y) return x.toLowerCase() === y.toLowerCase() ? (x < y ? -1 : 1) : x.toLowerCase() < y.toLowerCase() ? -1 : 1;
  }
  return a.length - b.length;
}
