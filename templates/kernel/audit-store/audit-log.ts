/** Where audit's lines are kept in a store. Every kind passes the same conformance suite. */
import type { LastOf } from '../audit-findings.ts';
import type { WritePart } from '../settings.ts';

/** One line, as `verify-audit` reads it. A process's lines are numbered from 1, and no two have one number. */
export interface AuditLine {
  readonly process: string;
  readonly sequence: number;
  /** JSON, without a line's end. */
  readonly line: string;
}

export interface KeptLine extends AuditLine {
  /** Grows with every line; means nothing elsewhere. */
  readonly position: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly at: number;
}

export interface PageQuery {
  /** Only what came after this position. */
  readonly after?: string | undefined;
  /** Only what is as young as this, in milliseconds since the epoch by the store's clock. */
  readonly since?: number | undefined;
  readonly limit: number;
}

/** Of one server in one environment: others who share the store have logs of their own. All reject with `StoreUnavailable`. */
export interface AuditLog {
  /** All of them or, where it rejects, perhaps: then nothing more is added for that process. On disk when it resolves. */
  append(lines: readonly AuditLine[]): Promise<void>;
  /** The oldest first. */
  page(query: PageQuery): Promise<readonly KeptLine[]>;
  /** Removes the oldest, up to this position, and keeps where each process's removed lines ended. */
  remove(upTo: string, ends: ReadonlyMap<string, LastOf>): Promise<void>;
  /** Where the lines ended that were removed. */
  ends(): Promise<ReadonlyMap<string, LastOf>>;
  /** By the store's clock. */
  now(): Promise<number>;
  close(): Promise<void>;
}

/** One kind of log: `realm` tells servers and environments apart. Opening rejects with `StoreUnavailable`. */
export interface AuditLogKind {
  readonly variable?: WritePart['variable'];
  readonly locate: WritePart['locate'];
  readonly open: (address: string, realm: string) => Promise<AuditLog>;
}
