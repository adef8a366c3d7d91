/** An error that the manifest declares, filled in with the values of a call. */
import { renderText, Text, type Scope } from './expression.ts';
import { failure, type ErrorBody, type FailureDetails } from './failure.ts';
import type { DeclaredError } from './tool.ts';

/** `details`: what is known of this call; where it says nothing, what the manifest says holds. */
export function declaredError(declared: DeclaredError, scope: Scope, details: FailureDetails): ErrorBody {
  const { code, category, message } = declared;
  const suggestedAction = details.suggestedAction ?? declared.suggestedAction;
  return failure({ code, category, message: renderMessage(message, scope) }, { ...details, suggestedAction });
}

const LONGEST_VALUE = 500;

/** A text for people or models, filled in: whatever a call or an upstream puts into it can neither flood nor disguise it. */
export function renderMessage({ parts }: Text, scope: Scope): string {
  return parts.map((part) => (typeof part === 'string' ? part : plain(renderText(new Text([part]), scope)))).join('');
}

function plain(value: string): string {
  return value.slice(0, LONGEST_VALUE).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, ' ');
}
