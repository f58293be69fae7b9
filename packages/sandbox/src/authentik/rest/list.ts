import type { Answer } from '../support/http';
import type { JsonObject } from '../../json';
import type { ApiRequest } from './api';
import { ApiError, invalid, ok } from './api';
import { notAUuid, UUID } from './fields';

/** @internal */
export interface Page<T> {
  items: T[];
  number: number;
  pagination: JsonObject;
}

/** Sizes that are no positive number are ignored, sizes over the maximum are cut. */
function pageSize(request: ApiRequest): number {
  const { modern } = request.store;
  const fallback = modern ? 20 : 100;
  const given = Number(request.query.get('page_size') ?? NaN);
  if (!Number.isInteger(given) || given <= 0) return fallback;
  return modern ? Math.min(given, 100) : given;
}

/** @internal */
export function paginate<T>(request: ApiRequest, items: T[]): Page<T> {
  const size = pageSize(request);
  const total = Math.max(1, Math.ceil(items.length / size));
  const asked = request.query.get('page');
  let number = 1;
  if (asked !== null && asked !== '') {
    number = asked === 'last' ? total : Number(asked);
  }
  if (!Number.isInteger(number) || number < 1 || number > total) {
    throw new ApiError(404, { detail: 'Invalid page.' });
  }
  const start = (number - 1) * size;
  const slice = items.slice(start, start + size);
  return {
    items: slice,
    number,
    pagination: {
      next: number < total ? number + 1 : 0,
      previous: number > 1 ? number - 1 : 0,
      count: items.length,
      current: number,
      total_pages: total,
      start_index: slice.length ? start + 1 : 0,
      end_index: start + slice.length,
    },
  };
}

/** Helps a search box where a model can be queried by its fields. */
function autocomplete(model?: string): JsonObject {
  return model ? { current_model: model, models: {} } : {};
}

/** @internal */
export function listAnswer(
  page: Pick<Page<unknown>, 'pagination'>,
  results: JsonObject[],
  model?: string,
): Answer {
  return ok({
    pagination: page.pagination,
    results,
    autocomplete: autocomplete(model),
  });
}

type Value = string | number | boolean | null;

/**
 * What a list can be narrowed down and ordered by.
 *
 * @internal
 */
export interface ListView<T> {
  /** Query parameter to the value it must equal. */
  exact: Record<string, (item: T) => Value>;
  search: (item: T) => Value[];
  ordering: Record<string, (item: T) => Value>;
  defaultOrder: string;
  model?: string;
  serialize: (item: T) => JsonObject;
}

function ordered<T>(items: T[], view: ListView<T>, asked: string | null): T[] {
  let name = asked ?? view.defaultOrder;
  if (!view.ordering[name.replace(/^-/, '')]) name = view.defaultOrder;
  const descending = name.startsWith('-');
  const key = view.ordering[name.replace(/^-/, '')];
  if (!key) return items;
  const sorted = [...items].sort((a, b) => {
    const [left, right] = [key(a) ?? '', key(b) ?? ''];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  });
  return descending ? sorted.reverse() : sorted;
}

/** @internal */
export function narrow<T>(
  request: ApiRequest,
  view: ListView<T>,
  items: readonly T[],
): T[] {
  let left = [...items];
  for (const [name, value] of Object.entries(view.exact)) {
    // Of a repeated parameter the last one counts.
    const wanted = request.query.getAll(name).pop();
    if (wanted === undefined || wanted === '') continue;
    left = left.filter(item => {
      const actual = value(item);
      return typeof actual === 'boolean'
        ? actual === (wanted.toLowerCase() === 'true')
        : String(actual) === wanted;
    });
  }
  const search = request.query.get('search')?.toLowerCase();
  if (search) {
    left = left.filter(item =>
      view
        .search(item)
        .some(text => String(text).toLowerCase().includes(search)),
    );
  }
  return ordered(left, view, request.query.get('ordering'));
}

/** @internal */
export function listItems<T>(
  request: ApiRequest,
  view: ListView<T>,
  items: readonly T[],
): Answer {
  const page = paginate(request, narrow(request, view, items));
  return listAnswer(page, page.items.map(view.serialize), view.model);
}

/** @internal */
export function demandChoice(
  request: ApiRequest,
  name: string,
  options: readonly (string | null)[],
): string[] {
  const given = request.query.getAll(name).filter(Boolean);
  const wrong = given.find(value => !options.includes(value));
  if (wrong !== undefined) {
    throw invalid({
      [name]: [
        `Select a valid choice. ${wrong} is not one of the available choices.`,
      ],
    });
  }
  return given;
}

/**
 * A filter by a related object. The related object must exist.
 *
 * @internal
 */
export function demandRelated(
  request: ApiRequest,
  name: string,
  exists?: (pk: string) => boolean,
): string | undefined {
  const value = request.query.get(name);
  if (!value) return undefined;
  if (!UUID.test(value)) throw invalid({ [name]: [notAUuid(value)] });
  if (exists && !exists(value)) {
    throw invalid({
      [name]: [
        'Select a valid choice. That choice is not one of the available choices.',
      ],
    });
  }
  return value;
}
