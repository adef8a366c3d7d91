/** What a row may need beside the model; it reaches only files of yours, which are written once. */
import type { PackageManager } from './package-manager.ts';

export interface RenderContext {
  /** The version or npm spec under which package.json names the generator. */
  readonly generator: string;
  /** The one that the project's own documents and CI speak of. */
  readonly packageManager: PackageManager;
  /** The packages that the project's part of the kernel imports → exact versions. */
  readonly dependencies: Readonly<Record<string, string>>;
}
