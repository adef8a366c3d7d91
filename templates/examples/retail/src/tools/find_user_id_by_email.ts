import type { FindUserIdByEmailHandler } from '../generated/types/find_user_id_by_email.ts';
import { findUserByEmail } from '../retail/records.ts';

export const handler: FindUserIdByEmailHandler = ({ email }, ctx) => {
  const user = findUserByEmail(email) ?? ctx.fail('USER_NOT_FOUND');
  return { user_id: user.user_id };
};
