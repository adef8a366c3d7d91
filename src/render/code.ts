/** A piece of TypeScript that the generator made; a class, so that no value of a manifest can pass for one. */
export class Code {
  readonly source: string;
  /** Names that the piece expects to be imported. */
  readonly names: readonly string[];

  constructor(source: string, names: readonly string[] = []) {
    this.source = source;
    this.names = names;
  }
}
