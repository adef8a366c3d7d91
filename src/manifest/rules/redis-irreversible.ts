import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Irreversible tools on a Redis store whose upstream does not recognise repeats itself. */
export function findIrreversibleOnRedis({ idempotency, tools }: Manifest): Finding[] {
  if (idempotency?.store !== 'redis') return [];
  return tools.flatMap((tool, index) =>
    tool.mutability === 'irreversible' && tool.idempotency?.upstreamKey === undefined
      ? [finding('redis-irreversible', member('/tools', index, 'mutability'), { tool: tool.name })]
      : [],
  );
}
