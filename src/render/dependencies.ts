/** The npm packages that a generated server needs to run. */
import type { ProjectModel } from '../model/project.ts';
import { kernelEntries, readKernel } from './kernel.ts';
import { RUNTIME_VERSIONS } from './versions.ts';

/** Packages that the project's part of the kernel imports → the exact versions that it was tested with. */
export async function runtimeDependencies(model: ProjectModel): Promise<Readonly<Record<string, string>>> {
  const { packages } = await readKernel(kernelEntries(model));
  return versionsOf(packages);
}

/** The exact version of each package. */
export function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  const version = RUNTIME_VERSIONS[name];
  if (version === undefined) throw new Error(`The kernel imports ${name}, which has no version in versions.ts`);
  return version;
}
