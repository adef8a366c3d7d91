/** How many requests are dealt with at once. */
import type { ServerResponse } from 'node:http';

export interface Place {
  /** `false`: none is free. It is kept until the answer is with the client, or the client is gone. */
  take(): boolean;
  /** Gives it back early. */
  leave(): void;
}

/** `isFree` is told how many places are taken. */
export function createPlaces(isFree: (taken: number) => boolean): (response: ServerResponse) => Place {
  let taken = 0;
  return (response) => {
    let isTaken = false;
    let isOver = false;
    const leave = (): void => {
      if (isTaken) taken -= 1;
      isTaken = false;
    };
    response.once('close', () => {
      isOver = true;
      leave();
    });
    return {
      take: () => {
        if (!isFree(taken)) return false;
        isTaken = !isOver;
        if (isTaken) taken += 1;
        return true;
      },
      leave,
    };
  };
}
