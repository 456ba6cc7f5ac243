import type { PatternSegment } from "./route_pattern.ts";

/** What a path leads to: a value for each method, and the names of its parameters. */
export interface RouteTarget<Value> {
  readonly methods: Map<string, Value>;
  readonly names: readonly string[];
}

/** A target that matches a path, with the values of its parameters in the order of their names. */
export interface RouteMatch<Value> {
  readonly target: RouteTarget<Value>;
  readonly values: readonly string[];
}

/** A place in the tree of patterns. */
interface Node<Value> {
  readonly statics: Map<string, Node<Value>>;
  param: Node<Value> | undefined;
  tail: RouteTarget<Value>[];
  targets: RouteTarget<Value>[];
}

/**
 * Finds routes by path. Patterns without parameters are found by one look-up, however many there are; the others by a
 * tree, one step a segment.
 *
 * Precedence goes segment by segment from the left: literal text before a parameter, a parameter before a tail.
 */
export class RouteTable<Value> {
  readonly #statics = new Map<string, RouteTarget<Value>>();
  readonly #root: Node<Value> = newNode();

  /** Adds a value; throws a `TypeError` if the same method and shape are there already. */
  add(method: string, segments: readonly PatternSegment[], value: Value): void {
    const names = segments.flatMap((segment) => segment.kind === "static" ? [] : [segment.name]);
    let node = this.#root;
    let list = node.targets;
    for (const segment of segments) {
      list = segment.kind === "tail" ? node.tail : (node = childOf(node, segment)).targets;
    }
    if (list.some((target) => target.methods.has(method))) {
      throw new TypeError(`Two routes for ${method} /${segments.map(describeSegment).join("/")}`);
    }
    const target = targetFor(list, names);
    target.methods.set(method, value);
    if (names.length === 0) this.#statics.set(`/${segments.map(describeSegment).join("/")}`, target);
  }

  /** The target of a pattern without parameters that reads exactly as `path` does. */
  findStatic(path: string): RouteTarget<Value> | undefined {
    return this.#statics.get(path);
  }

  /** All targets that match, the most specific first. */
  findAll(segments: readonly string[]): RouteMatch<Value>[] {
    const found: RouteMatch<Value>[] = [];
    collect({ node: this.#root, index: 0, values: [] }, segments, found);
    return found;
  }

  /** All methods that any route has. */
  methods(): Set<string> {
    const all = new Set<string>();
    const visit = (node: Node<Value>) => {
      for (const target of [...node.targets, ...node.tail]) for (const method of target.methods.keys()) all.add(method);
      for (const child of node.statics.values()) visit(child);
      if (node.param) visit(node.param);
    };
    visit(this.#root);
    return all;
  }
}

/** Where a search stands. */
interface Position<Value> {
  readonly node: Node<Value>;
  readonly index: number;
  readonly values: readonly string[];
}

function collect<Value>(at: Position<Value>, segments: readonly string[], found: RouteMatch<Value>[]): void {
  const { node, index, values } = at;
  const segment = segments[index];
  if (segment === undefined) {
    for (const target of node.targets) found.push({ target, values });
    return;
  }
  const literal = node.statics.get(segment);
  if (literal) collect({ node: literal, index: index + 1, values }, segments, found);
  if (node.param && segment !== "") {
    collect({ node: node.param, index: index + 1, values: [...values, segment] }, segments, found);
  }
  if (node.tail.length === 0) return;
  const tail = segments.slice(index).join("/");
  for (const target of node.tail) found.push({ target, values: [...values, tail] });
}

function newNode<Value>(): Node<Value> {
  return { statics: new Map(), param: undefined, tail: [], targets: [] };
}

function childOf<Value>(node: Node<Value>, segment: PatternSegment): Node<Value> {
  if (segment.kind !== "static") return node.param ??= newNode();
  let child = node.statics.get(segment.text);
  if (!child) node.statics.set(segment.text, child = newNode());
  return child;
}

/** Routes of one shape may name their parameters differently, method by method. */
function targetFor<Value>(list: RouteTarget<Value>[], names: readonly string[]): RouteTarget<Value> {
  let target = list.find((other) => other.names.join("/") === names.join("/"));
  if (!target) list.push(target = { methods: new Map(), names });
  return target;
}

function describeSegment(segment: PatternSegment): string {
  if (segment.kind === "static") return segment.text;
  return segment.kind === "param" ? `:${segment.name}` : `*${segment.name}`;
}
