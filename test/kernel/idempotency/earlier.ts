/** What a store keeps of an operation, as if it had been written so many milliseconds earlier. */
export function detailsEarlier(details: string, ms: number): string {
  const { approval, firstSent, ...rest } = JSON.parse(details);
  return JSON.stringify({
    ...rest,
    approval: approval && { ...approval, expiresAt: approval.expiresAt - ms },
    firstSent: firstSent && { ...firstSent, at: firstSent.at - ms },
  });
}
