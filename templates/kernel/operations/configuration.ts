/** What operators need of the environment: who they are, and where operations are kept. No credential of an upstream. */
import type { Caller } from '../caller.ts';
import { environmentName } from '../config.ts';
import { readCaller } from '../config/caller.ts';
import { Environment, type Variables } from '../config/environment.ts';
import type { StorePlace, WritePart } from '../settings.ts';
import type { ServerDeclaration } from '../tool.ts';

export interface OperatorConfiguration {
  readonly caller: Caller;
  readonly environment: string;
  /** Absent where no tool writes. */
  readonly store: StorePlace | undefined;
  /** `undefined`: audit goes to standard error. */
  readonly auditFile: string | undefined;
}

/** Throws one `ConfigurationError` that names every problem. */
export function readOperator(
  server: ServerDeclaration,
  variables: Variables,
  writes: WritePart | undefined,
): OperatorConfiguration {
  const environment = new Environment(variables);
  const configuration: OperatorConfiguration = {
    caller: readCaller(server, environment),
    environment: environmentName(environment),
    store: writes?.locate(server, environment),
    auditFile: environment.text('MCP_AUDIT_FILE'),
  };
  environment.check();
  return configuration;
}
