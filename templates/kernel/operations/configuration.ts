/** What operators need of the environment: who they are, and where operations are kept. No credential of an upstream. */
import type { Caller } from '../caller.ts';
import { environmentName, readAuditPlace } from '../config.ts';
import { readCaller } from '../config/caller.ts';
import { Environment, type Variables } from '../config/environment.ts';
import type { KnownSecrets } from '../config/known-secrets.ts';
import type { AuditPart, StorePlace, WritePart } from '../settings.ts';
import type { ServerDeclaration } from '../tool.ts';

export interface OperatorConfiguration {
  /** All that were read: the log shows none of them. */
  readonly secrets: KnownSecrets;
  readonly caller: Caller;
  readonly environment: string;
  /** Absent where no tool writes. */
  readonly store: StorePlace | undefined;
  /** `undefined`: audit goes to standard error, or to the store. */
  readonly auditFile: string | undefined;
  /** Present where audit goes to the store. */
  readonly auditStore: StorePlace | undefined;
}

/** Throws one `ConfigurationError` that names every problem. */
export function readOperator(
  server: ServerDeclaration,
  variables: Variables,
  {
    writes,
    audit,
    secrets,
  }: { readonly writes?: WritePart; readonly audit?: AuditPart; readonly secrets?: KnownSecrets },
): OperatorConfiguration {
  const environment = new Environment(variables, secrets);
  const configuration: OperatorConfiguration = {
    secrets: environment.secrets,
    caller: readCaller(server, environment),
    environment: environmentName(environment),
    store: writes?.locate(server, environment),
    ...readAuditPlace(server, environment, audit),
  };
  environment.check();
  return configuration;
}
