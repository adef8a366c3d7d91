/** The variables that every server knows; its upstreams add theirs. `process.env` is read in `start.ts` alone. */

export interface VariableDescription {
  readonly name: string;
  readonly meaning: string;
  /** What holds while the variable is not set. */
  readonly unset: string;
  /** `write`: a server with a tool that writes. `http`: a server that is reached over HTTP. */
  readonly for: 'every' | 'write' | 'http';
}

export const VARIABLES: readonly VariableDescription[] = [
  { name: 'MCP_SUBJECT', meaning: 'Who is calling', unset: 'local', for: 'every' },
  { name: 'MCP_TENANT', meaning: "The caller's tenant", unset: 'none', for: 'every' },
  { name: 'MCP_SCOPES', meaning: "The caller's scopes, separated by spaces", unset: 'none', for: 'every' },
  { name: 'MCP_ROLES', meaning: "The caller's roles, separated by spaces", unset: 'none', for: 'every' },
  { name: 'MCP_ENVIRONMENT', meaning: 'Keeps staging and production apart', unset: 'development', for: 'every' },
  { name: 'MCP_DEADLINE_MS', meaning: 'The longest a call may take', unset: '30000', for: 'every' },
  { name: 'MCP_AUDIT_FILE', meaning: 'A file for audit events', unset: 'standard error', for: 'every' },
  { name: 'MCP_WRITES', meaning: '`enabled` lets tools that write run', unset: 'disabled', for: 'write' },
  { name: 'MCP_STORE_PATH', meaning: 'The SQLite file of operations', unset: 'data/<server>.sqlite', for: 'write' },
  { name: 'MCP_LEASE_MS', meaning: 'How long a claimed write is taken to be alive', unset: '60000', for: 'write' },
  { name: 'MCP_HTTP_HOST', meaning: 'The address to listen on', unset: '127.0.0.1', for: 'http' },
  { name: 'MCP_HTTP_PORT', meaning: 'The port to listen on', unset: '3000', for: 'http' },
  { name: 'MCP_ALLOWED_HOSTS', meaning: 'Host names that requests may ask for', unset: 'this machine', for: 'http' },
  { name: 'MCP_ALLOWED_ORIGINS', meaning: 'Hosts of web pages that may call', unset: 'this machine', for: 'http' },
];
