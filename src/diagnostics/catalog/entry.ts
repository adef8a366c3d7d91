/** What the catalogue holds about one code. */

export interface CatalogEntry<Arguments> {
  readonly severity: 'error' | 'warning';
  /** Who raises it: loading a manifest, or a later stage that knows the project as well. */
  readonly stage: 'manifest' | 'project';
  /** What is wrong, as one sentence. */
  readonly message: (args: Arguments) => string;
  /** Why it matters. */
  readonly why: string;
  /** What to do next. */
  readonly fix: (args: Arguments) => string;
  /** How it looks when it is right, in YAML or as a command. */
  readonly example: string;
}

export function entry<Arguments>(of: CatalogEntry<Arguments>): CatalogEntry<Arguments> {
  return of;
}
