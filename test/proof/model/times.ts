/** How long things take, in milliseconds of the store's clock. A tick is one; all else is far apart. */

export const LEASE_MS = 1_000_000;
/** The upstream applies what it was sent within this time, or never. */
export const SETTLE_MS = 1_000;
/** How long an answer of a person stands: more than two leases, less than three. */
export const APPROVAL_MS = 2_500_000;
/** How long the store takes the upstream to remember a key. */
export const WINDOW_MS = 100_000_000;
/** Claimed this long before the end of the window, an operation may be sent after it. */
export const NEARLY_MS = 10_000;
/** Nothing is forgotten here: what is older than its retention may be done again, and is meant to. */
export const RETENTION_MS = Number.MAX_SAFE_INTEGER;
