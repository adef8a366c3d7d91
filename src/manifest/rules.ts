/** Every rule that spans fields of a manifest: one per file in `rules/`. */
import type { Finding } from './finding.ts';
import { findMissingApprovals } from './rules/approval-missing.ts';
import { findMissingApprovalScopes } from './rules/approval-scope-missing.ts';
import { findUnusedApprovalScopes } from './rules/approval-scope-unused.ts';
import { findMissingReasons } from './rules/because-missing.ts';
import { findUnusedReasons } from './rules/because-unused.ts';
import { findUnsentBodies } from './rules/body-not-sent.ts';
import { findAmbiguousErrorCodes } from './rules/error-code-ambiguous.ts';
import { findErrorsWithoutWhen } from './rules/error-when-missing.ts';
import { findUnusedWhens } from './rules/error-when-unused.ts';
import { findExchangesWithoutCaller } from './rules/exchange-without-caller.ts';
import { findInvalidExpressions } from './rules/expression-invalid.ts';
import { findForeignExpressions } from './rules/expression-source.ts';
import { findReservedHeaders } from './rules/header-reserved.ts';
import { findForbiddenHosts } from './rules/host-not-allowed.ts';
import { findMissingIdempotency } from './rules/idempotency-missing.ts';
import { findNonObjectInputs } from './rules/input-schema-not-object.ts';
import { findWeakKeyArguments } from './rules/key-argument.ts';
import { findMissingKeys } from './rules/key-missing.ts';
import { findMissingLookups } from './rules/lookup-missing.ts';
import { findWriteFieldsOfReads } from './rules/only-for-writes.ts';
import { findOptionalPathArguments } from './rules/path-argument-optional.ts';
import { findDotSegments } from './rules/path-dot-segment.ts';
import { findPublicContradictions } from './rules/public-contradiction.ts';
import { findRecoveryContradictions } from './rules/recovery-contradiction.ts';
import { findMissingRecovery } from './rules/recovery-missing.ts';
import { findIrreversibleOnRedis } from './rules/redis-irreversible.ts';
import { findWritingReads } from './rules/request-not-read.ts';
import { findResponsesWithoutRequest } from './rules/response-without-request.ts';
import { findResumedRequests } from './rules/resume-without-handler.ts';
import { findShortRetention } from './rules/retention-too-short.ts';
import { findBadDefaults } from './rules/schema-default-rejected.ts';
import { findUnknownDialects } from './rules/schema-dialect.ts';
import { findMirroredArguments } from './rules/schema-header.ts';
import { findInvalidSchemas } from './rules/schema-invalid.ts';
import { findInvalidPatterns } from './rules/schema-pattern-invalid.ts';
import { findUnsafePatterns } from './rules/schema-pattern-unsafe.ts';
import { findBadReferences } from './rules/schema-ref.ts';
import { findUndeclaredRequired } from './rules/schema-required-undeclared.ts';
import { findMissingScopes } from './rules/scope-missing.ts';
import { findShownSensitive } from './rules/sensitive-shown.ts';
import { findUnusedStrategyFields } from './rules/strategy-field-unused.ts';
import { findUnknownTenants } from './rules/tenant-unknown.ts';
import { findUnknownTimezones } from './rules/timezone-unknown.ts';
import { findToolNameCollisions } from './rules/tool-name-collision.ts';
import { findDuplicateToolNames } from './rules/tool-name-duplicate.ts';
import { findInvalidToolNames } from './rules/tool-name-invalid.ts';
import { findReservedToolNames } from './rules/tool-name-reserved.ts';
import { findUndeclaredRoles } from './rules/undeclared-role.ts';
import { findUndeclaredScopes } from './rules/undeclared-scope.ts';
import { findUnknownArguments } from './rules/unknown-argument.ts';
import { findUnknownUpstreams } from './rules/unknown-upstream.ts';
import { findMisplacedUpstreamKeys } from './rules/upstream-key-place.ts';
import { findShortUpstreamRetention } from './rules/upstream-retention-too-short.ts';
import { findUnusedUpstreamScopes } from './rules/upstream-scopes-unused.ts';
import { findInvalidUrls } from './rules/url-invalid.ts';
import type { Manifest } from './schema.ts';

type Rule = (manifest: Manifest) => readonly Finding[];

const RULES: readonly Rule[] = [
  findInvalidToolNames,
  findDuplicateToolNames,
  findToolNameCollisions,
  findReservedToolNames,
  findMissingScopes,
  findPublicContradictions,
  findUndeclaredScopes,
  findUndeclaredRoles,
  findMissingApprovals,
  findMissingReasons,
  findUnusedReasons,
  findMissingApprovalScopes,
  findUnusedApprovalScopes,
  findMissingIdempotency,
  findWriteFieldsOfReads,
  findMissingRecovery,
  findRecoveryContradictions,
  findResumedRequests,
  findUnusedStrategyFields,
  findMissingKeys,
  findWeakKeyArguments,
  findUnknownTimezones,
  findShortRetention,
  findMissingLookups,
  findMisplacedUpstreamKeys,
  findShortUpstreamRetention,
  findIrreversibleOnRedis,
  findInvalidExpressions,
  findForeignExpressions,
  findUnknownTenants,
  findUnknownArguments,
  findOptionalPathArguments,
  findShownSensitive,
  findUnknownUpstreams,
  findInvalidUrls,
  findForbiddenHosts,
  findExchangesWithoutCaller,
  findUnusedUpstreamScopes,
  findDotSegments,
  findReservedHeaders,
  findUnsentBodies,
  findWritingReads,
  findResponsesWithoutRequest,
  findErrorsWithoutWhen,
  findUnusedWhens,
  findAmbiguousErrorCodes,
  findNonObjectInputs,
  findUnknownDialects,
  findMirroredArguments,
  findInvalidSchemas,
  findBadReferences,
  findInvalidPatterns,
  findUndeclaredRequired,
  findBadDefaults,
];

/** What the rules find in a manifest that has the right shape. */
export function checkRules(manifest: Manifest): Finding[] {
  // Other rules run patterns, on names and on defaults: none that may not end.
  const unsafe = findUnsafePatterns(manifest);
  return unsafe.length > 0 ? unsafe : RULES.flatMap((rule) => rule(manifest));
}
