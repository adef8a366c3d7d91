/** One operation: what the store keeps of a call that writes, from its claim to its outcome. */
import type { Outcome } from '../execution.ts';

export type OperationState = 'claimed' | 'sent' | 'done' | 'unknown' | 'released';

export interface Operation {
  /** `op_…`: what people and `get_operation_status` name it by. */
  readonly id: string;
  /** SHA-256, hex: which effect is meant, by whom, where. */
  readonly key: string;
  /** SHA-256, hex, of all arguments: tells a repeat from another call under the same key. */
  readonly fingerprint: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant: string | null;
  readonly state: OperationState;
  /** Grows with every claim; only the holder of the current fence may move the operation on. */
  readonly fence: number;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly leaseUntil: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly outcome: Outcome | null;
}
