/** `metaLaunchUrl` as authentik's API spells it: `meta_launch_url`. */
type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Tail extends Uncapitalize<Tail>
    ? `${Lowercase<Head>}${SnakeCase<Tail>}`
    : `${Lowercase<Head>}_${SnakeCase<Tail>}`
  : S;

/**
 * The JSON behind one of the generated request models of `@goauthentik/api`: those spell members in camel case and
 * convert at run time, while the bodies made here are of the server's own spelling. Choices are widened to `string`,
 * since older and newer servers know others than the version the models were generated from.
 *
 * @internal
 */
export type Wire<T> = T extends string
  ? string
  : T extends number | boolean | null | undefined
  ? T
  : T extends ReadonlyArray<infer Item>
  ? Array<Wire<Item>>
  : { [Key in keyof T as SnakeCase<Key & string>]: Wire<T[Key]> };
