/** Whether a project's package.json gives the kernel what it imports. */
import { z } from 'zod';

/** A package that the kernel needs is absent from your package.json, or may be older than `needed`. */
export interface DependencyFinding {
  readonly kind: 'dependency';
  readonly path: 'package.json';
  readonly name: string;
  /** The version that this generator's kernel was tested with. */
  readonly needed: string;
  /** What package.json says; absent where it does not name the package. */
  readonly found?: string;
}

const packageJson = z.object({ dependencies: z.record(z.string(), z.string()).optional() });

/** Compares the `dependencies` of a package.json's text; no text, or no JSON, lacks everything. */
export function findDependencies(
  text: string | undefined,
  needed: Readonly<Record<string, string>>,
): readonly DependencyFinding[] {
  const dependencies = readDependencies(text);
  return Object.entries(needed).flatMap(([name, version]) => {
    const found = dependencies[name];
    if (found !== undefined && isEnough(found, version)) return [];
    return [{ kind: 'dependency', path: 'package.json', name, needed: version, ...(found !== undefined && { found }) }];
  });
}

function readDependencies(text = '{}'): Readonly<Record<string, string>> {
  try {
    return packageJson.parse(JSON.parse(text)).dependencies ?? {};
  } catch {
    return {};
  }
}

const VERSION = /^(\^|~|>=|=|v)?\s*(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?$/;

/**
 * Whether no version in the range is older than the needed one, nor of another major version. A range in any
 * other form (a tag, a file, a workspace) is its author's business.
 */
function isEnough(range: string, needed: string): boolean {
  const [found, least] = [VERSION.exec(range.trim()), VERSION.exec(needed)];
  if (found === null || least === null) return true;
  const difference = compareParts(found.slice(2, 5), least.slice(2, 5));
  if (difference === 0) return found[5] === undefined || found[5] === least[5];
  return difference > 0 && found[2] === least[2];
}

function compareParts(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): number {
  const differences = a.map((part, index) => Number(part) - Number(b[index]));
  return differences.find((difference) => difference !== 0) ?? 0;
}
