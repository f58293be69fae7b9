/** The members that are given. @internal */
export function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}

/** The given fields whose value differs from the one found. @internal */
export function differing<T extends object>(given: T, found: object): T {
  const present = found as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => value !== undefined && value !== present[key],
    ),
  ) as T;
}

/**
 * Older servers neither name nor keep the field: to send it would be a write on every run that changes nothing.
 *
 * @internal
 */
export function withoutUnknown<
  K extends string,
  T extends { [key in K]?: unknown },
>(fields: T, found: { [key in K]: unknown }, field: K): T {
  return found[field] === undefined
    ? withoutUndefined({ ...fields, [field]: undefined })
    : fields;
}
