import type { FindUserIdByNameZipHandler } from '../generated/types/find_user_id_by_name_zip.ts';
import { findUserByName } from '../retail/records.ts';

export const handler: FindUserIdByNameZipHandler = ({ first_name, last_name, zip }, ctx) => {
  const user = findUserByName({ firstName: first_name, lastName: last_name, zip }) ?? ctx.fail('USER_NOT_FOUND');
  return { user_id: user.user_id };
};
