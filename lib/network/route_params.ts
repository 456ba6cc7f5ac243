/** Names of the parameters in a route pattern, as a union of string types. */
export type ParamNames<Pattern extends string> = string extends Pattern ? string
  : Pattern extends `${infer Segment}/${infer Rest}` ? SegmentParam<Segment> | ParamNames<Rest>
  : SegmentParam<Pattern>;

/** The name of the parameter that one segment of a pattern stands for: of `:id` and `*id` it is `id`, otherwise `never`. */
export type SegmentParam<Segment extends string> = Segment extends `:${infer Name}` ? Name
  : Segment extends `*${infer Name}` ? Name
  : never;

/**
 * The parameters that a route pattern gives: `/users/:id/posts/:postId` gives `{ id: string; postId: string }`,
 * `/files/*path` gives `{ path: string }`.
 */
export type RouteParams<Pattern extends string> = { readonly [Name in ParamNames<Pattern>]: string };
