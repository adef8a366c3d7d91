/** The manifest that a project starts from, and the files that come with it. */
import { extname } from 'node:path';

import { loadManifest, type LoadResult, MANIFEST_NAMES, parseManifest } from '../../manifest/load.ts';
import { suggest } from '../../manifest/suggest.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Start } from './choices.ts';
import { listExamples, readExample } from './examples.ts';

export interface StartingPoint {
  /** What was loaded: its source is named as the user named it. */
  readonly loaded: LoadResult;
  /** The manifest's name in the project: one that `generate` and `check` look for, whatever it was called before. */
  readonly file: (typeof MANIFEST_NAMES)[number];
  readonly userFiles: Readonly<Record<string, string>>;
}

/** `cwd` is what a manifest's path is relative to. Throws `CannotRun` where there is no such example. */
export async function readStartingPoint(start: Start, cwd: string): Promise<StartingPoint> {
  if ('example' in start) return readFromExample(start.example);
  const loaded = await loadManifest({ file: start.manifest, cwd });
  const named = MANIFEST_NAMES.find((name) => extname(name) === extname(start.manifest));
  return { loaded, file: named ?? MANIFEST_NAMES[0], userFiles: {} };
}

async function readFromExample(name: string): Promise<StartingPoint> {
  const names = (await listExamples()).map((example) => example.name);
  if (!names.includes(name)) {
    const meant = suggest(name, names);
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new CannotRun(`There is no example named ${name}.${hint} There are: ${names.join(', ')}.`);
  }
  const { manifest, userFiles } = await readExample(name);
  const [file] = MANIFEST_NAMES;
  return { loaded: parseManifest(manifest, file), file, userFiles };
}
