/** The small value types of the manifest: durations, sizes, names and runtime expressions. */
import { z } from 'zod';

const DURATION_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { B: 1, kB: 1_000, MB: 1_000_000 } as const;

/** A duration such as `500ms`, `10s`, `15m`, `24h`, `7d`; parsed to milliseconds. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(ms|s|m|h|d)$/, 'must be a duration such as 500ms, 10s, 15m, 24h or 7d')
  .transform((text) => parseQuantity(text, DURATION_UNITS));

/** A size such as `512kB` or `1MB` (powers of 1000); parsed to bytes. */
export const size = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(B|kB|MB)$/, 'must be a size such as 500B, 512kB or 1MB')
  .transform((text) => parseQuantity(text, SIZE_UNITS));

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number {
  const digits = Number.parseInt(text, 10);
  return digits * (units[text.slice(String(digits).length)] ?? Number.NaN);
}

/** The name of an environment variable. */
export const envName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,127}$/, 'must be an environment variable name such as BILLING_API_URL');

/** A setting that is read from the environment when the server starts. */
export const envReference = z.strictObject({ env: envName });

/** A secret: read from the variable NAME or from the file that NAME_FILE names, never both. */
export const secretReference = z.strictObject({ secret: envName });

/** A setting given in the manifest, or read from the environment. */
export const setting = z.union([z.string().min(1), envReference]);

/**
 * An OpenAPI runtime expression. Where it may stand is decided by the field; `expressionSources` in
 * `manifest/expressions.ts` says which sources a field knows.
 */
export const expression = z
  .string()
  .regex(
    /^\$(args#(\/.*)?|response\.(status|body#(\/.*)?|header\.[A-Za-z0-9-]+)|principal\.(subject|tenant)|operation\.key)$/,
    'must be a runtime expression: $args#/…, $response.body#/…, $response.header.…, $response.status, $principal.subject, $principal.tenant or $operation.key',
  );

/** A name that the manifest's other parts refer to: upstreams. */
export const referenceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, starting with a letter');

/** An OAuth scope token (RFC 6749, section 3.3), without the characters that break a challenge header. */
export const scopeName = z
  .string()
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/,
    'must be an OAuth scope: visible ASCII without spaces, quotes or backslashes',
  );

/** The stable code of a declared error, e.g. `INVOICE_NOT_FOUND`. */
export const errorCode = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be an upper-case code such as INVOICE_NOT_FOUND');

/** A JSON Schema, kept as written: its rules are enforced with the dialect's own meta-schema. */
export const jsonSchema = z.union([z.record(z.string(), z.unknown()), z.boolean()]);
