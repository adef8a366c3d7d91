/**
 * `.hardened-mcp/lock.json`: what generate wrote, so that the next one can tell its own files from edited
 * ones, and a reviewer sees which tool changed how.
 */
import { z } from 'zod';

import type { RenderedFile } from '../render/render.ts';
import { sha256 } from './hash.ts';

export const LOCK_PATH = '.hardened-mcp/lock.json';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Inside the project, with forward slashes: a lock is a file that anybody may have changed. */
const path = z.string().refine(isInside, 'must be a path inside the project');

function isInside(text: string): boolean {
  return text !== '' && !/[\\\0]/.test(text) && text.split('/').every((part) => !['', '.', '..'].includes(part));
}

const lockSchema = z.strictObject({
  version: z.literal(1),
  /** Version of the generator. */
  generator: z.string(),
  /** SHA-256 of the manifest's text. */
  manifest: hash,
  /** A file of yours has no hash: what it holds is your business. `tool`: it was written for that tool. */
  files: z.record(
    path,
    z.union([
      z.strictObject({ owner: z.enum(['generated', 'kernel']), sha256: hash }),
      z.strictObject({ owner: z.literal('you'), tool: z.string().optional() }),
    ]),
  ),
  /** Only while a run is writing: the hashes that a file may have besides the one in `files`. */
  pending: z.record(path, z.array(hash)).optional(),
  /** Tool name → what `tools/list` shows of it. */
  tools: z.record(z.string(), z.unknown()),
});

export type Lock = z.output<typeof lockSchema>;
export type LockEntry = Lock['files'][string];

export type LockReading = { readonly lock: Lock | undefined } | { readonly problem: string };

/** Reads the text of a lock; no text means that there is none yet. */
export function parseLock(text: string | undefined): LockReading {
  if (text === undefined) return { lock: undefined };
  if (/^(<{7}|={7}|>{7})/m.test(text)) return { problem: 'it has merge conflict markers' };
  const json = parseJson(text);
  if (json === undefined) return { problem: 'it is not JSON' };
  const parsed = lockSchema.safeParse(json);
  if (parsed.success) return { lock: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') || 'its root'}: ${issue?.message ?? 'invalid'}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lock's text: sorted, the same on every machine. */
export function printLock(lock: Lock): string {
  const { files, pending, tools, ...head } = lock;
  const printed = {
    ...head,
    files: sortMembers(files),
    ...(pending && { pending: sortMembers(pending) }),
    tools: sortMembers(tools),
  };
  return `${JSON.stringify(printed, null, 2)}\n`;
}

function sortMembers<Value>(members: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every hash under which a file counts as written by generate and untouched since. */
export function ownHashes(lock: Lock | undefined, file: string): readonly string[] {
  const entry = member(lock?.files, file);
  const settled = entry !== undefined && 'sha256' in entry ? [entry.sha256] : [];
  return [...settled, ...(member(lock?.pending, file) ?? [])];
}

/** Whether the lock knows the file at all. */
export function knows(lock: Lock | undefined, file: string): boolean {
  return member(lock?.files, file) !== undefined || member(lock?.pending, file) !== undefined;
}

function member<Value>(members: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}

/** The lock's entry for a file that was written. */
export function lockEntry(file: Pick<RenderedFile, 'owner' | 'contents' | 'tool'>): LockEntry {
  if (file.owner !== 'you') return { owner: file.owner, sha256: sha256(file.contents) };
  return file.tool === undefined ? { owner: 'you' } : { owner: 'you', tool: file.tool };
}
