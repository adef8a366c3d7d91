/** `operations -- audit`: what audit has in the store, the oldest first. */
import { UsageError } from '../command-line.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { openKeptAudit } from '../open.ts';
import type { AuditPart } from '../settings.ts';
import type { ServerDeclaration } from '../tool.ts';
import type { OperatorConfiguration } from './configuration.ts';
import { plain } from './text.ts';

/** As the other commands, it shows events of `MCP_TENANT` alone where that is set. Throws `UsageError` where audit is elsewhere. */
export async function showAudit(
  server: ServerDeclaration,
  part: AuditPart | undefined,
  about: {
    readonly configuration: OperatorConfiguration;
    readonly command: { readonly json: boolean; readonly since: number | undefined };
  },
): Promise<void> {
  const { configuration, command } = about;
  if (part === undefined) {
    throw new UsageError(
      `${server.name} does not keep audit in its store: it is in the file that MCP_AUDIT_FILE names, or on standard error.`,
    );
  }
  const { tenant } = configuration.caller;
  const audit = await openKeptAudit(server, configuration, part);
  try {
    for await (const line of audit.lines(command.since)) {
      // What a server wrote there is a JSON object; anything else is for verify-audit to find.
      const event = parse(line);
      if (tenant !== undefined && event['tenant'] !== tenant) continue;
      process.stdout.write(`${command.json ? line : textOf(event)}\n`);
    }
  } finally {
    await audit.close();
  }
}

const SHOWN = ['time', 'event', 'operation_id', 'tool', 'subject', 'decision', 'state', 'executed', 'code'] as const;

function textOf(event: JsonObject): string {
  const words = SHOWN.flatMap((name) => (typeof event[name] === 'string' ? [plain(event[name])] : []));
  return words.join('  ');
}

function parse(line: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
