/** The operators' desk over a store in memory, or one in a SQLite file, whose time can be made to pass. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { onTestFinished } from 'vitest';

import type { OperatorEvent } from '../../../templates/kernel/audit.ts';
import type { Caller } from '../../../templates/kernel/caller.ts';
import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import type { OperationsDesk, Operator } from '../../../templates/kernel/operations/desk.ts';
import { openDesk } from '../../../templates/kernel/operations/open-desk.ts';
import { Refusal } from '../../../templates/kernel/pipeline/errors.ts';
import type { ServerDeclaration } from '../../../templates/kernel/tool.ts';
import { RETENTION_MS, serverWith } from './declaration.ts';

export interface Place {
  readonly store: OperationStore;
  passTime(ms: number): void;
}

export const PLACES = ['memory', 'sqlite'] as const;

export function openPlace(kind: (typeof PLACES)[number]): Place {
  return kind === 'memory' ? inMemory() : inFile();
}

function inMemory(): Place {
  let passed = 0;
  const store = openMemoryStore({ retentionMs: RETENTION_MS, now: () => Date.now() + passed });
  return { store, passTime: (ms) => (passed += ms) };
}

export function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'operations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'operations.sqlite');
}

function inFile(): Place {
  const path = freshFile();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  onTestFinished(() => store.close());
  return { store, passTime: (ms) => age(path, ms) };
}

/** Everything in the file is so much older. */
function age(path: string, ms: number): void {
  const database = new DatabaseSync(path);
  const columns = database.prepare(`SELECT name FROM pragma_table_info('operations')`).all();
  const times = columns.map(({ name }) => String(name)).filter((name) => /_(?:at|until)$/.test(name));
  database.exec(`UPDATE operations SET ${times.map((name) => `${name} = ${name} - ${ms}`).join(', ')}`);
  database.exec(
    `UPDATE operations SET details = json_set(details, '$.approval.expiresAt', details ->> '$.approval.expiresAt' - ${ms})
     WHERE details ->> '$.approval.expiresAt' IS NOT NULL`,
  );
  database.close();
}

export function callerOf(subject: string, scopes: readonly string[] = [], tenant?: string): Caller {
  const about = { subject, run: 'run-1', scopes: new Set(scopes), roles: new Set<string>() };
  return tenant === undefined ? about : { ...about, tenant };
}

/** Somebody at a command line. */
export function atTerminal(subject: string, ...scopes: readonly string[]): Operator {
  return { caller: callerOf(subject, scopes), over: 'command_line' };
}

export interface Office extends Place {
  readonly desk: OperationsDesk;
  readonly audit: OperatorEvent[];
}

export interface OfficeOptions {
  readonly server?: ServerDeclaration;
  readonly environment?: string;
  /** Puts something around the store, such as a fault. */
  readonly wrap?: (store: OperationStore) => OperationStore;
  readonly brokenAudit?: true;
}

export function openOffice(place: Place, options: OfficeOptions = {}): Office {
  const { server = serverWith(), environment = 'test', wrap = (store) => store, brokenAudit } = options;
  const audit: OperatorEvent[] = [];
  const desk = openDesk(wrap(place.store), {
    server,
    environment,
    audit: {
      record: (event) => {
        if (brokenAudit) throw new Error('disk full');
        if (event.event !== 'tool_call' && event.event !== 'operation_concluded') audit.push(event);
      },
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  return { ...place, desk, audit };
}

/** The code of the refusal that it ends with. */
export async function refusedWith(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error.body.code;
    throw error;
  }
  return 'nothing was refused';
}
