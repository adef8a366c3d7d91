/** The text of a declared error, filled in: whatever stands in it can neither flood nor disguise it. */
import { renderText, type Scope, type Text } from './expression.ts';

const LONGEST_MESSAGE = 2_000;

export function renderMessage(message: Text, scope: Scope): string {
  return renderText(message, scope)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ')
    .slice(0, LONGEST_MESSAGE)
    .toWellFormed();
}
