/** What whoever creates a project chose beside its manifest; it reaches only files that are written once. */
export interface ProjectChoices {
  /** The version or npm spec under which package.json names the generator. */
  readonly generator: string;
}
