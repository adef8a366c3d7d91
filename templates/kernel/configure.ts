/** What a server is started with: its environment, as the command line and its own parts ask for it. */
import { whyNotOverHttp, type RunCommand } from './command-line.ts';
import { readConfiguration, type Configuration } from './config.ts';
import type { KnownSecrets } from './config/known-secrets.ts';
import { processVariables } from './config/process-variables.ts';
import type { Parts } from './start.ts';
import type { ServerDeclaration, Tool } from './tool.ts';

/** Throws `ConfigurationError`, also where a flag contradicts it; opens nothing. `secrets` gets to know those read. */
export function configure(
  server: ServerDeclaration,
  parts: Parts,
  { transport, listen, insecureLocal, secrets }: RunCommand & { readonly secrets: KnownSecrets },
): Configuration {
  if (parts.callerApproval === undefined && server.tools.some(asksCaller)) {
    throw new Error(`${server.name} has tools that ask their caller, so it needs the part that does`);
  }
  if ((server.auth !== undefined) !== (parts.signIn !== undefined) && parts.http !== undefined) {
    throw new Error(`${server.name} needs auth and the part that asks callers to sign in, or neither`);
  }
  const overHttp = transport === 'http' ? { http: parts.http, signIn: parts.signIn } : NOTHING;
  const whyNot = ({ http, signIn }: Pick<Configuration, 'http' | 'signIn'>) =>
    http && whyNotOverHttp({ host: listen.host ?? http.host, signsIn: signIn !== undefined }, { insecureLocal });
  const configuration = readConfiguration(server, processVariables(), { ...parts, ...overHttp, secrets, whyNot });
  return { ...configuration, http: configuration.http && { ...configuration.http, ...listen } };
}

const NOTHING = { http: undefined, signIn: undefined };

function asksCaller({ policy }: Tool): boolean {
  return policy.approval?.by === 'caller';
}
