/** What `generate` did, or would do, as lines for a reader. */
import type { FileChange, GenerateNotes } from '../index.ts';
import type { Style, Terminal } from './terminal.ts';

type Happening = 'create' | 'replace' | 'delete' | 'orphaned';

const STYLES: Readonly<Record<Happening, Style>> = {
  create: 'green',
  replace: 'yellow',
  delete: 'red',
  orphaned: 'yellow',
};

/** One line per file that changes; the kernel, which is many files and none of the reader's, on one line. */
export function describeChanges(changes: readonly FileChange[], terminal: Terminal): readonly string[] {
  const happenings: readonly Happening[] = ['create', 'replace', 'delete', 'orphaned'];
  return happenings.flatMap((kind) => {
    const concerned = changes.filter((change) => change.kind === kind);
    const kernel = concerned.filter(({ owner }) => owner === 'kernel');
    const label = terminal.paint(STYLES[kind], (kind === 'orphaned' ? 'kept' : kind).padEnd(8));
    const names = [
      ...concerned.filter(({ owner }) => owner !== 'kernel').map(({ path }) => path),
      ...(kernel.length === 0 ? [] : [`src/kernel/ (${kernel.length} files)`]),
    ];
    const remark =
      kind === 'orphaned' ? ' (not generated any more, but not as generate wrote it: yours to delete)' : '';
    return names.map((name) => `${label} ${name}${remark}`);
  });
}

/** `61 files: 2 created, 1 replaced, 58 unchanged.` In a dry run: `2 to create`. */
export function summarizeChanges(changes: readonly FileChange[], { dryRun }: { readonly dryRun: boolean }): string {
  const count = (...kinds: readonly FileChange['kind'][]) => changes.filter(({ kind }) => kinds.includes(kind)).length;
  const counts: readonly (readonly [number, string, string])[] = [
    [count('create'), 'created', 'to create'],
    [count('replace'), 'replaced', 'to replace'],
    [count('delete'), 'deleted', 'to delete'],
    [count('unchanged', 'adopt', 'kept'), 'unchanged', 'unchanged'],
  ];
  const told = counts
    .filter(([number]) => number > 0)
    .map(([number, done, planned]) => `${number} ${dryRun ? planned : done}`);
  return `${changes.length} files: ${told.join(', ')}.`;
}

/** Whether anything on disk changes. */
export function changesAnything(changes: readonly FileChange[]): boolean {
  return changes.some(({ kind }) => kind === 'create' || kind === 'replace' || kind === 'delete');
}

/** Work that is left to the author, and what a crash at the worst moment leaves of each write. */
export function describeNotes(
  { privateUpstreams, recovery, newHandlers, keptHandlers }: GenerateNotes,
  terminal: Terminal,
): readonly string[] {
  const width = Math.max(0, ...recovery.map(({ tool }) => tool.length));
  return [
    ...section('Yours to write:', newHandlers, terminal),
    ...section('Yours to delete; their tools are gone:', keptHandlers, terminal),
    ...section('May lead into a private network, as the manifest says:', privateUpstreams, terminal),
    ...section(
      'When a write is cut off half-way:',
      recovery.map(({ tool, text }) => `${tool.padEnd(width)}  ${text}`),
      terminal,
    ),
  ];
}

function section(title: string, lines: readonly string[], terminal: Terminal): readonly string[] {
  return lines.length === 0 ? [] : ['', terminal.paint('bold', title), ...lines.map((line) => `  ${line}`)];
}
