/** The manifest of the servers under test: one tool, which posts an entry to a ledger. */

export const STORE_NAMES = ['sqlite', 'postgres', 'redis'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** What follows an outcome that nobody knows. */
export const MODES = ['quarantine', 'natural', 'keyed', 'lookup'] as const;
export type Mode = (typeof MODES)[number];

export interface ManifestOptions {
  readonly store: StoreName;
  readonly mode: Mode;
  /** How long the server waits for the ledger, in milliseconds. */
  readonly timeoutMs: number;
  /** How many writes a caller may have executed in a day; absent: as many as they like. */
  readonly perDay?: number | undefined;
}

/** What the ledger takes to apply a request, at most; a look-up must not come earlier. */
export const SETTLE_MS = 500;

export const TOOL = 'post_entry';

/** Tells the ledger which operation of the store a request belongs to. */
export const OPERATION_HEADER = 'x-operation';
export const KEY_HEADER = 'idempotency-key';

const DERIVED = 'strategy: derived-key, key: [$args#/entry]';

const IDEMPOTENCY: Readonly<Record<Mode, string>> = {
  quarantine: `{ ${DERIVED}, recovery: quarantine }`,
  natural: '{ strategy: natural }',
  keyed: `{ ${DERIVED}, upstreamKey: { header: ${KEY_HEADER}, retention: 24h } }`,
  lookup: `{ ${DERIVED}, lookup: { request: { upstream: ledger, method: GET, path: '/entries/{entry}' },
        found: { type: object, required: [line] }, result: $response.body#/line, settle: ${SETTLE_MS}ms } }`,
};

export function manifestFor({ store, mode, timeoutMs, perDay }: ManifestOptions): string {
  return `version: 1
server: { name: ledger, version: 1.0.0, transports: [stdio] }
scopes: { 'entries:write': Post entries }
upstreams:
  ledger:
    baseUrl: { env: LEDGER_URL }
    allowedHosts: [127.0.0.1]
    credential: { type: bearer, token: { secret: LEDGER_TOKEN } }
    timeout: ${timeoutMs}ms
    retries: { attempts: ${mode === 'quarantine' ? 1 : 3}, maxDelay: 100ms }
idempotency: { store: ${store}, retention: 48h }
tools:
  - name: ${TOOL}
    title: Post an entry
    description: Post one entry to the ledger, once.
    mutability: destructive
    scopes: ['entries:write']
    inputSchema:
      type: object
      required: [entry]
      properties:
        entry: { type: string, pattern: '^[a-z0-9-]{1,40}$', maxLength: 40, description: Its name, examples: [e-1] }
    outputSchema:
      type: object
      required: [entry, effect]
      properties:
        entry: { type: string, description: The entry posted }
        effect: { type: string, description: The line of the ledger that it became }
    request:
      upstream: ledger
      method: ${mode === 'natural' ? 'PUT' : 'POST'}
      path: '/entries/{entry}'
      headers: { ${OPERATION_HEADER}: '{$operation.key}' }
      body: { entry: $args#/entry }
    idempotency: ${IDEMPOTENCY[mode]}
${perDay === undefined ? '' : `    limits: { perDay: ${perDay}, per: principal }\n`}`;
}
