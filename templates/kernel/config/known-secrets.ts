/** The secrets that this process read, so that no text for people shows one, whatever it looks like. */

const SHORTEST = 8;

/** Tells nobody what it knows. */
export class KnownSecrets {
  /** By variable: the values that it has now, and those that it had before. */
  readonly #known = new Map<string, { readonly now: readonly string[]; readonly before: readonly string[] }>();
  #longestFirst: readonly string[] = [];

  /** `values`: what is secret of what the variable holds now. What it held before that may still be under way. */
  note(variable: string, values: readonly string[]): void {
    const before = this.#known.get(variable)?.now ?? [];
    // Two who read one file both tell that it changed.
    if (before.join('\n') === values.join('\n')) return;
    this.#known.set(variable, { now: values, before });
    const all = [...this.#known.values()].flatMap((known) => [...known.now, ...known.before]);
    // One may be a part of another.
    this.#longestFirst = [...new Set(all)]
      .filter(({ length }) => length >= SHORTEST)
      .toSorted((one, other) => other.length - one.length);
  }

  /** The text without them. Values of fewer than 8 characters stay: they may be a part of any word. */
  hide(text: string): string {
    return this.#longestFirst.reduce((clean, value) => clean.replaceAll(value, '[secret]'), text);
  }
}

/** What is secret of a URL: its password, and the whole where it holds more than an address. */
export function secretsInUrl(text: string): readonly string[] {
  const url = URL.parse(text);
  // A password with a slash makes a URL whose path is the rest of that password.
  if (url === null || url.pathname.includes('@')) return [text];
  const { username, password, search } = url;
  return username === '' && password === '' && search === '' ? [] : [text, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
