/** What a view may need beside the model; it reaches only files that are written once. */
export interface RenderContext {
  /** The version or npm spec under which package.json names the generator. */
  readonly generator: string;
  /** The packages that the project's part of the kernel imports → exact versions. */
  readonly dependencies: Readonly<Record<string, string>>;
}
