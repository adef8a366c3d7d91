/** Tables as the first release made them, with one operation in each state. */

const operations = (integer: string) => `(
  key TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL,
  tool TEXT NOT NULL,
  subject TEXT NOT NULL,
  tenant TEXT,
  state TEXT NOT NULL,
  fence ${integer} NOT NULL,
  lease_until ${integer} NOT NULL,
  created_at ${integer} NOT NULL,
  updated_at ${integer} NOT NULL,
  outcome TEXT
)`;

const SUCCEEDED = '{"ok":true,"result":"{\\"refund_id\\":\\"re_1\\"}"}';
const FAILED =
  '{"ok":false,"error":{"code":"A","category":"conflict","message":"","retryable":false,"retry":"never","executed":"no"}}';
const FAR = 9_000_000_000_000;

/** State, fence, end of the lease, last change, outcome. */
const ROWS: readonly (readonly [string, number, number, number, string | null])[] = [
  ['claimed', 11, 1_000, 500, null],
  ['sent', 12, 1_000, 600, null],
  ['unknown', 13, 1_000, 700, null],
  ['released', 14, 1_000, FAR, null],
  ['done', 15, 1_000, FAR, SUCCEEDED],
  ['failed', 16, 1_000, FAR, FAILED],
];

const rowsOf = (table: string) =>
  ROWS.map(([name, fence, leaseUntil, updatedAt, outcome]) => {
    const state = name === 'failed' ? 'done' : name;
    const texts = [`key-${name}`, `op_${name}`, 'arguments-1', 'issue_refund', 'ada', 'acme', state];
    const values = [...texts.map((text) => `'${text}'`), fence, leaseUntil, 100, updatedAt];
    return `INSERT INTO ${table} VALUES (${values.join(', ')}, ${outcome === null ? 'NULL' : `'${outcome}'`});`;
  }).join('\n');

export const SQLITE_FILE = `
  CREATE TABLE operations ${operations('INTEGER')} STRICT;
  CREATE INDEX finished ON operations (updated_at) WHERE state IN ('done', 'released');
  CREATE TABLE fences (only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL) STRICT;
  INSERT INTO fences VALUES (1, 16);
  ${rowsOf('operations')}
  PRAGMA user_version = 1;
`;

export const POSTGRES_TABLES = `
  CREATE TABLE hardened_mcp_schema (version INTEGER NOT NULL);
  INSERT INTO hardened_mcp_schema VALUES (1);
  CREATE SEQUENCE hardened_mcp_fences;
  SELECT setval('hardened_mcp_fences', 16);
  CREATE TABLE hardened_mcp_operations ${operations('BIGINT')};
  CREATE INDEX hardened_mcp_finished ON hardened_mcp_operations (updated_at) WHERE state IN ('done', 'released');
  ${rowsOf('hardened_mcp_operations')}
`;
