/** Who may call which tool, and who has to say yes. */
import { entry } from './entry.ts';
import { didYouMean, quote } from './words.ts';

export const ACCESS = {
  'scope-missing': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `The tool ${quote(tool)} needs no scope, and does not say that this is meant.`,
    why: 'Access is denied by default: a forgotten scope must not open a tool to everyone.',
    fix: () => 'Name at least one scope, or add "public: true".',
    example: 'scopes: [invoices:read]',
  }),
  'public-contradiction': entry<{ readonly field: 'scopes' | 'roles' }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ field }) => `A public tool has no ${field}.`,
    why: 'The two contradict each other, and a reader could rely on the wrong one.',
    fix: ({ field }) => `Remove "public", or the ${field}.`,
    example: 'scopes: []\npublic: true',
  }),
  'undeclared-scope': entry<{ readonly scope: string; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ scope, suggestion }) => `The scope ${quote(scope)} is not declared.${didYouMean(suggestion)}`,
    why: 'A misspelt scope is one that nobody can hold, or one that nobody reviews.',
    fix: ({ scope }) => `Declare it: add ${quote(scope)} with a description to "scopes".`,
    example: 'scopes:\n  invoices:read: Read invoices and customers',
  }),
  'undeclared-role': entry<{ readonly role: string; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ role, suggestion }) => `The role ${quote(role)} is not declared.${didYouMean(suggestion)}`,
    why: 'A misspelt role is one that nobody can hold.',
    fix: ({ role }) => `Declare it: add ${quote(role)} with its scopes to "roles".`,
    example: 'roles:\n  support: [invoices:read]',
  }),
  'approval-missing': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} cannot be undone, and nobody has to approve it.`,
    why: 'The model proposes, a person decides: that holds for everything that cannot be taken back.',
    fix: () => 'Add "approval", or "approval: none" with "because:" and the reason.',
    example: 'approval: none\nbecause: The upstream holds every refund for an hour, where support can stop it.',
  }),
  'because-missing': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} cannot be undone and says "approval: none" without a reason.`,
    why: 'Whoever signs the server off must be able to read why nobody is asked.',
    fix: () => 'Add "because:" with the reason.',
    example: 'approval: none\nbecause: The upstream holds every refund for an hour, where support can stop it.',
  }),
  'because-unused': entry<Record<never, never>>({
    severity: 'error',
    stage: 'manifest',
    message: () => '"because" is the reason for "approval: none", which this tool does not say.',
    why: 'A reason for something that is not so misleads its reader.',
    fix: () => 'Remove "because".',
    example: 'approval: { by: approver, scope: refunds:approve, summary: "Refund {$args#/amount} cents" }',
  }),
  'approval-scope-missing': entry<Record<never, never>>({
    severity: 'error',
    stage: 'manifest',
    message: () => 'Nobody could approve this call: "by: approver" has no scope.',
    why: 'An approver is somebody who holds the scope.',
    fix: () => 'Add "scope:" with the scope that approvers hold.',
    example: 'approval: { by: approver, scope: refunds:approve, summary: "Refund {$args#/amount} cents" }',
  }),
  'approval-scope-unused': entry<Record<never, never>>({
    severity: 'error',
    stage: 'manifest',
    message: () => 'With "by: caller" the caller is asked, so the approval has no scope.',
    why: 'The scope would look like a guard and guard nothing.',
    fix: () => 'Remove "scope", or write "by: approver".',
    example: 'approval: { by: caller, summary: "Refund {$args#/amount} cents" }',
  }),
};
