/** What a manifest's values must be before anything else is asked of them: JSON, of a sane depth and size. */
import { finding, type Finding } from './finding.ts';
import { member } from './pointer.ts';
import { MAX_DEPTH } from './source.ts';

/** Aliases repeat what they stand for, so a short text can say a lot. */
const MAX_VALUES = 5_000_000;

/** Numbers that JSON cannot say, nesting beyond the limit, and texts that aliases blow up. */
export function findForeignValues(root: unknown): Finding[] {
  const findings: Finding[] = [];
  const open: { readonly value: unknown; readonly pointer: string; readonly depth: number }[] = [
    { value: root, pointer: '', depth: 0 },
  ];
  for (let seen = 0, next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (depth > MAX_DEPTH) return [finding('nested-too-deep', pointer, { limit: MAX_DEPTH })];
    if (++seen > MAX_VALUES) return [finding('yaml-alias', '', { problem: `more than ${MAX_VALUES} values.` })];
    if (typeof value === 'number' && !Number.isFinite(value))
      findings.push(finding('not-json', pointer, { what: String(value) }));
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      open.push({ value: child, pointer: member(pointer, key), depth: depth + 1 });
    }
  }
  return findings;
}
