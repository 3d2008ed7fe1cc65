import { z } from 'zod';
import type { ListPosition } from './store/approval-store.js';

const positionSchema = z.tuple([z.int().nonnegative(), z.string().min(1).max(128)]);

/** Where a list goes on, as an opaque string. It grants nothing: the next page is filtered like the first. */
export function encodeCursor({ created_at, approval_id }: ListPosition): string {
  return Buffer.from(JSON.stringify([created_at, approval_id])).toString('base64url');
}

/** The position in a cursor; null where it is not one. */
export function decodeCursor(cursor: string): ListPosition | null {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  const position = positionSchema.safeParse(decoded).data;
  return position === undefined ? null : { created_at: position[0], approval_id: position[1] };
}
