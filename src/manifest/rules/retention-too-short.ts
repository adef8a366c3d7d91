import { durationInWords } from '../duration-words.ts';
import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest, ManifestTool } from '../schema.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WINDOWS = { hour: HOUR, day: DAY, week: 7 * DAY, month: 31 * DAY } as const;

/** A retention below 24 hours, or below a tool's window and a day: a late repeat would act again. */
export function findShortRetention({ idempotency, tools }: Manifest): Finding[] {
  const retention = idempotency?.retention ?? DAY;
  const pointer = idempotency === undefined ? undefined : '/idempotency/retention';
  const demanding = tools
    .map((tool, index) => ({
      tool: tool.name,
      pointer: member('/tools', index, 'idempotency', 'occurrence'),
      least: leastRetention(tool),
    }))
    .toSorted((a, b) => b.least - a.least)[0];
  if (demanding !== undefined && retention < demanding.least && demanding.least > DAY) {
    const args = {
      retention: durationInWords(retention),
      least: durationInWords(demanding.least),
      tool: demanding.tool,
    };
    return [finding('retention-too-short', pointer ?? demanding.pointer, args)];
  }
  if (retention >= DAY || pointer === undefined) return [];
  return [
    finding('retention-too-short', pointer, { retention: durationInWords(retention), least: durationInWords(DAY) }),
  ];
}

function leastRetention({ idempotency }: ManifestTool): number {
  const occurrence = idempotency?.occurrence;
  return typeof occurrence === 'object' && 'every' in occurrence ? WINDOWS[occurrence.every] + DAY : DAY;
}
