/** A piece of TypeScript that the generator made; a class, so that no value of a manifest can pass for one. */
export class Code {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}
