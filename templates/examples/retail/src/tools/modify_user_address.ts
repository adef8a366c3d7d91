import type { ModifyUserAddressHandler } from '../generated/types/modify_user_address.ts';
import { database, transact } from '../retail/database.ts';
import { findUser, saveUser } from '../retail/records.ts';

export const handler: ModifyUserAddressHandler = ({ user_id, ...address }, ctx) =>
  transact(database(), () => {
    const user = findUser(user_id) ?? ctx.fail('USER_NOT_FOUND');
    user.address = address;
    saveUser(user);
    return user;
  });
