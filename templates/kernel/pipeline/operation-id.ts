/** `op_…`: what people, logs and `get_operation_status` name a call by. */
import { createHash, randomBytes } from 'node:crypto';

/** Ids of one server in one environment begin alike, so that those of another are told apart in a shared store. */
export function realmOf(server: string, environment: string): string {
  return createHash('sha256')
    .update(JSON.stringify([server, environment]))
    .digest('hex')
    .slice(0, 8);
}

/** What the ids of all operations of a realm begin with. */
export function idPrefixOf(realm: string): string {
  return `op_${realm}`;
}

export function newOperationId(realm: string): string {
  return `${idPrefixOf(realm)}${randomBytes(12).toString('hex')}`;
}

export function isOfRealm(operationId: string, realm: string): boolean {
  return operationId.startsWith(idPrefixOf(realm));
}
