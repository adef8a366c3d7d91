/** `--check-config`: whether the server would start, and all at once that keeps it from that. */
import { UsageError, type RunCommand } from './command-line.ts';
import { ConfigurationError, readPlaces } from './config.ts';
import type { KnownSecrets } from './config/known-secrets.ts';
import { processVariables } from './config/process-variables.ts';
import { configure } from './configure.ts';
import { describeServer } from './describe-server.ts';
import { openAudit, openWritePath } from './open.ts';
import type { Parts } from './start.ts';
import type { ServerDeclaration } from './tool.ts';

/**
 * Lines for people. Opens the audit file and the store, as a start does, and closes the store again; asks no upstream and no
 * issuer, and listens nowhere. Rejects with one `ConfigurationError` that names every problem.
 */
export async function checkStart(
  server: ServerDeclaration,
  parts: Parts,
  commandLine: RunCommand & { readonly secrets: KnownSecrets },
): Promise<readonly string[]> {
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    if (error instanceof ConfigurationError) problems.push(...error.problems);
    else if (error instanceof UsageError) problems.push(error.message);
    else throw error;
  };
  const attempt = async <Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      return note(error);
    }
  };
  const configuration = await attempt(() => configure(server, parts, commandLine));
  // These may be wrong, too, and whoever checks wants to hear it all.
  const places = configuration ?? readPlaces(server, processVariables(), { ...parts, secrets: commandLine.secrets });
  const environment = configuration?.settings.environment ?? '';
  const audit = await attempt(() => openAudit(server, { ...places, environment }, parts));
  await audit?.close?.();
  const writePath = await attempt(() => openWritePath(server, places, parts));
  await writePath?.close();
  if (configuration === undefined || problems.length > 0) throw new ConfigurationError(problems);
  return [
    ...describeServer({ server, configuration }),
    writePath === undefined ? 'it would start' : 'it would start: the store was opened, and is as it should be',
  ];
}
