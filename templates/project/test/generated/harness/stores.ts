/** Where operations are kept while a test runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parts, server } from '../../../src/generated/server.ts';
import type { WritePath } from '../../../src/kernel/runtime.ts';

/** A new directory for one test. */
export function makeDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'generated-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A write path that refuses everything and says what it was asked for; for calls that must not get so far. */
export function untouchableWritePath(): { readonly writePath: WritePath; readonly touches: readonly string[] } {
  const touches: string[] = [];
  const refuse = (method: string) => () => {
    touches.push(method);
    return Promise.reject(new Error(`${method} was called, although this call needs no store`));
  };
  const writePath = { write: refuse('write'), ping: refuse('ping'), tools: [], close: () => Promise.resolve() };
  return { writePath, touches };
}

/** On a store of the kind that the manifest chose; absent where no tool writes. */
export function openWritePath(file: string): WritePath | undefined {
  return parts.writes?.({ path: file, retentionMs: server.retentionMs });
}
