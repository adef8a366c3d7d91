/** A new project's files of yours that no template makes: its manifest, and what an example brings. */
import type { RenderedFile } from './render.ts';

/**
 * The rendered files with yours in their place. A starting test for a handler that you bring is left out: it
 * would say that the handler is not written.
 */
export function withUserFiles(
  rendered: readonly RenderedFile[],
  userFiles: Readonly<Record<string, string>>,
): readonly RenderedFile[] {
  const yours = new Map(Object.entries(userFiles));
  const others = rendered.filter(({ path, onlyWith }) => !yours.has(path) && !(onlyWith && yours.has(onlyWith)));
  const planned = new Map(rendered.map((file) => [file.path, file]));
  const brought = [...yours].map(([path, contents]) => bringFile(path, contents, planned.get(path)));
  return [...others, ...brought].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function bringFile(path: string, contents: string, planned: RenderedFile | undefined): RenderedFile {
  if (planned === undefined) return { path, contents, owner: 'you' };
  const { owner, tool } = planned;
  if (owner !== 'you') throw new Error(`${path} is generated and cannot be brought along`);
  return { path, contents, owner, ...(tool !== undefined && { tool }) };
}
