/** Who calls, what is kept, and what the process itself may do, in the words of SECURITY.md: Markdown. */
import { durationInWords } from '../../manifest/duration-words.ts';
import type { ProjectModel, ToolModel } from '../../model/project.ts';

/** Whole sentences on who a caller is, on each transport, beside those who sign in. */
export function describeCallers({ server, auth, store }: ProjectModel): readonly string[] {
  const [stdio, http] = [server.transports.includes('stdio'), server.transports.includes('http')];
  const open = http && auth === undefined;
  const places = [
    ...(stdio ? ['over stdio'] : []),
    ...(open ? ['over HTTP'] : []),
    ...(store === undefined ? [] : ['on the command line of `operations`']),
  ];
  const variables = '`MCP_SUBJECT`, `MCP_TENANT`, `MCP_SCOPES`, `MCP_ROLES`';
  return [
    ...(places.length === 0
      ? []
      : [`Whoever comes ${inWords(places)} is whom the environment names (${variables}): who sets that is trusted.`]),
    ...(open
      ? [
          'HTTP asks nobody who they are, so it starts under `--insecure-local` only and listens on this machine alone: every ' +
            'user and program there is that one caller.',
        ]
      : []),
    ...(http
      ? [
          'HTTP refuses Host and Origin headers that it does not know. It takes 64 calls at once, and speaks no TLS: a proxy in front has to.',
        ]
      : []),
  ];
}

/** Whole sentences on what the project's own code sees and may do. */
export function describeOwnCode({ tools, upstreams }: ProjectModel): readonly string[] {
  return [
    ...(upstreams.some(({ credential }) => credential.type === 'provider')
      ? ['The functions in `src/credentials/` find tokens for upstreams, so they see them.']
      : []),
    ...(tools.some(({ kind }) => kind === 'handler')
      ? [
          'Handlers in `src/tools/` run behind all guards, and may then do what the process may, whatever their tool declares: ' +
            'read them as you would read any code.',
        ]
      : []),
  ];
}

/** Whole sentences on what stays, and where. */
export function describeKept({ store, retentionMs, tools }: ProjectModel): readonly string[] {
  const kept = store === undefined || store === 'memory' ? 'Audit events hold' : 'The store and audit events hold';
  const results =
    store === undefined ? '' : ` Results are kept as they were answered, for ${durationInWords(retentionMs)} at least.`;
  return [
    `${kept} who called, and arguments, but for those that a tool has audited as a hash.${results} The server encrypts none of ` +
      'it; files of its own are for its user alone (0600).',
    ...(tools.some(keepsHashes)
      ? [
          'What is audited as a hash is hashed with a key. To tell repeats apart, the store also has SHA-256 hashes without a ' +
            'key, of all arguments and of the request: whoever reads it can find a value of few possibilities, such as a PIN, ' +
            'by trying. A result, a summary or a message that repeats a value is kept as it reads.',
        ]
      : []),
  ];
}

/** Of arguments that are to be hidden. */
function keepsHashes({ mutability, sensitive }: ToolModel): boolean {
  return mutability !== 'read-only' && sensitive.length > 0;
}

function inWords(places: readonly string[]): string {
  const last = places.at(-1) ?? '';
  return places.length === 1 ? last : `${places.slice(0, -1).join(', ')} or ${last}`;
}
