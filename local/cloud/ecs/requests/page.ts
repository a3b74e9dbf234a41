import { refuse } from '../errors.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
export const DEFAULT_PAGE_SIZE = 10;

/**
 * One page by number.
 *
 * @throws {EcsError} InvalidParameter for an invalid page number or size
 */
export function pageOf<T>(
  all: readonly T[],
  asked: { readonly PageNumber: number | undefined; readonly PageSize: number | undefined },
  maxPageSize: number,
): {
  items: T[];
  answer: { TotalCount: number; PageNumber: number; PageSize: number };
} {
  const { PageNumber = 1, PageSize = DEFAULT_PAGE_SIZE } = asked;
  if (PageNumber < 1) refuse('InvalidParameter', 'PageNumber');
  if (PageSize < 1 || PageSize > maxPageSize) refuse('InvalidParameter', 'PageSize');
  const from = (PageNumber - 1) * PageSize;
  return {
    items: all.slice(from, from + PageSize),
    answer: { TotalCount: all.length, PageNumber, PageSize },
  };
}
