/** Every rule that spans fields of a manifest: one per file in `rules/`. */
import type { Finding } from './finding.ts';
import type { Manifest } from './schema.ts';

type Rule = (manifest: Manifest) => readonly Finding[];

const RULES: readonly Rule[] = [];

/** What the rules find in a manifest that has the right shape. */
export function checkRules(manifest: Manifest): Finding[] {
  return RULES.flatMap((rule) => rule(manifest));
}
