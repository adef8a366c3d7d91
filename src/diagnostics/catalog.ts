/** Every diagnostic code once, with its severity, its wording and what to do about it. */
import { ACCESS } from './catalog/access.ts';
import type { CatalogEntry } from './catalog/entry.ts';
import { EXPRESSIONS } from './catalog/expressions.ts';
import { NAMES } from './catalog/names.ts';
import { PROJECT } from './catalog/project.ts';
import { RECOVERY } from './catalog/recovery.ts';
import { SCHEMAS } from './catalog/schemas.ts';
import { SHAPE } from './catalog/shape.ts';
import { TEXT } from './catalog/text.ts';
import { UPSTREAMS } from './catalog/upstreams.ts';
import { WRITES } from './catalog/writes.ts';

export const CATALOG = {
  ...TEXT,
  ...SHAPE,
  ...NAMES,
  ...ACCESS,
  ...WRITES,
  ...RECOVERY,
  ...EXPRESSIONS,
  ...UPSTREAMS,
  ...SCHEMAS,
  ...PROJECT,
} as const;

export type DiagnosticCode = keyof typeof CATALOG;

/** What the wording of a code needs to know. */
export type DiagnosticArguments<Code extends DiagnosticCode> = Parameters<(typeof CATALOG)[Code]['message']>[0];

/** Every code, in the catalogue's order. */
export const DIAGNOSTIC_CODES = Object.keys(CATALOG) as readonly DiagnosticCode[]; // CATALOG's own keys

/** The entry of a code; its arguments are those of the code's diagnostics. */
export function catalogEntry<Code extends DiagnosticCode>(code: Code): CatalogEntry<DiagnosticArguments<Code>> {
  // Each entry takes exactly the arguments that DiagnosticArguments derives from it; TypeScript cannot
  // follow that through a code that is still generic.
  return CATALOG[code] as unknown as CatalogEntry<DiagnosticArguments<Code>>;
}
