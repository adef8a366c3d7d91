/** The small value types of the manifest: durations, sizes, names and runtime expressions. */
import { z } from 'zod';

const DURATION_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { B: 1, kB: 1_000, MB: 1_000_000 } as const;

/** A duration such as `500ms`, `10s`, `15m`, `24h`, `7d`; parsed to milliseconds. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(ms|s|m|h|d)$/, 'must be a duration such as 500ms, 10s, 15m, 24h or 7d')
  .meta({ id: 'duration', description: 'A duration: `500ms`, `10s`, `15m`, `24h`, `7d`.' })
  .transform((text) => parseQuantity(text, DURATION_UNITS));

/** A size such as `512kB` or `1MB` (powers of 1000); parsed to bytes. */
export const size = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(B|kB|MB)$/, 'must be a size such as 500B, 512kB or 1MB')
  .meta({ id: 'size', description: 'A size, in powers of 1000: `500B`, `512kB`, `1MB`.' })
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
export const envReference = z.strictObject({ env: envName.describe('The variable.') });

/** A secret: read from the variable NAME or from the file that NAME_FILE names, never both. */
export const secretReference = z
  .strictObject({
    secret: envName.describe('NAME: the secret is in this variable, or in the file that NAME_FILE names.'),
  })
  .meta({
    id: 'secret',
    description: 'A secret of the server: `{ secret: BILLING_API_TOKEN }`. It never stands in the manifest.',
  });

/** The name of an HTTP header (RFC 9110, section 5.1). */
export const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'must be the name of an HTTP header such as X-Request-Source')
  .meta({ id: 'headerName', description: 'The name of an HTTP header.' });

/** A host that may be called, with its port where that is not the scheme's own. */
export const hostName = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?$/,
    'must be a host in lower case such as api.billing.example, with a port where it is not the usual one',
  )
  .meta({ id: 'hostName', description: 'A host in lower case: `api.billing.example`, `127.0.0.1:8080`.' });

/** A setting given in the manifest, or read from the environment. */
export const setting = z.union([z.string().min(1), envReference]).meta({
  id: 'setting',
  description: 'A text, or `{ env: NAME }`: read from the environment when the server starts.',
});

/**
 * An OpenAPI runtime expression. Where it may stand is decided by the field; `manifest/references.ts` says
 * which sources a field knows.
 */
export const expression = z
  .string()
  .regex(
    /^\$(args#(\/.*)?|response\.(status|body#(\/.*)?|header\.[A-Za-z0-9-]+)|principal\.(subject|tenant)|operation\.key)$/,
    'is no runtime expression such as $args#/invoice_id, $response.body#/data or $principal.subject',
  )
  .meta({
    id: 'expression',
    description: 'Where a value comes from: `$args#/invoice_id`, `$response.body#/data`, `$principal.subject`.',
  });

/** A name that the manifest's other parts refer to: upstreams. */
export const referenceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, starting with a letter')
  .meta({ id: 'referenceName', description: 'Lower-case letters, digits and dashes, starting with a letter.' });

/** An OAuth scope token (RFC 6749, section 3.3), without the characters that break a challenge header. */
export const scopeName = z
  .string()
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/,
    'must be an OAuth scope: visible ASCII without spaces, quotes or backslashes',
  )
  .meta({ id: 'scopeName', description: 'An OAuth scope: `invoices:read`.' });

/** The stable code of a declared error, e.g. `INVOICE_NOT_FOUND`. */
export const errorCode = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be an upper-case code such as INVOICE_NOT_FOUND')
  .meta({ id: 'errorCode', description: 'An upper-case code: `INVOICE_NOT_FOUND`.' });

const schemaObject = z.record(z.string(), z.unknown());

/** A JSON Schema, kept as written: its rules are enforced with the dialect's own meta-schema. */
export const jsonSchema = z
  .union([schemaObject, z.boolean()])
  .meta({ id: 'jsonSchema', description: 'A JSON Schema, 2020-12 or draft-07.' });

/** The JSON Schema of a tool's arguments or result: never just `true` or `false`. */
export const toolSchema = schemaObject.meta({ id: 'toolSchema', description: 'A JSON Schema, 2020-12 or draft-07.' });

/**
 * Any JSON, kept as written. Not `z.json()`, which drops members named `__proto__`; that it is JSON at all
 * is seen to when the file is read.
 */
export const json = z
  .unknown()
  .refine((value) => value !== undefined, 'is missing')
  .meta({ id: 'json', description: 'Any JSON; texts may be expressions, or hold them in braces.' });
